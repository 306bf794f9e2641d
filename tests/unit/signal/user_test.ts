import assert from "node:assert/strict";
import { test } from "node:test";
import { hashText } from "../../../lib/runtime/hash.ts";
import { runtime } from "../../../lib/runtime/mod.ts";
import { hashUser, userIngredients } from "../../../lib/signal/user.ts";
import { type Machine, system } from "../../../lib/system/mod.ts";

const machine: Machine = { hostname: "vm", hardwareAddresses: ["02:00"], uid: 7, gid: 8 };
const id = "0123456789abcdef0123456789abcdef";

/** Runs a test as if on this machine. */
async function onMachine(machineID: string | undefined, test: () => void | Promise<void>): Promise<void> {
  const before = { machine: system.machine, machineID: system.machineID };
  Object.assign(system, { machine: () => machine, machineID: () => machineID });
  try {
    await test();
  } finally {
    Object.assign(system, before);
  }
}

function environment(variables: Record<string, string>) {
  return (name: string) => variables[name];
}

function valuesOf(identity: "machine" | undefined, variables: Record<string, string>) {
  return userIngredients(identity, environment(variables)).map(({ value }) => value);
}

const names = { USER: "u", USERNAME: "n", "%USERNAME%": "p", LOGNAME: "l" };
const { os, architecture } = runtime;

test("userIngredients() are those of the reference", () =>
  onMachine(id, () => {
    assert.deepEqual(valuesOf(undefined, names), [os, architecture, "vm", "02:00", 7, 8, "u", "n", "p"]);
    assert.deepEqual(valuesOf(undefined, {}), [os, architecture, "vm", "02:00", 7, 8, "", "", ""]);
  }));

test("userIngredients() are the machine's ID and the user if the profile says so", () =>
  onMachine(id, () => {
    assert.deepEqual(valuesOf("machine", names), ["machine", id, 7, "u"]);
    assert.deepEqual(valuesOf("machine", { ...names, USER: "" }), ["machine", id, 7, "l"]);
    assert.deepEqual(valuesOf("machine", { USERNAME: "n" }), ["machine", id, 7, "n"]);
    assert.deepEqual(valuesOf("machine", {}), ["machine", id, 7, ""]);
  }));

test("userIngredients() are those of the reference on a machine without an ID", () =>
  onMachine(undefined, () => {
    assert.equal(valuesOf("machine", names).length, 9);
  }));

test("hashUser() hashes the ingredients, with the salt behind them", () =>
  onMachine(id, async () => {
    const salted = { USER: "u", GS_TELEMETRY_SALT: "salt" };
    assert.equal(await hashUser("machine", environment({ USER: "u" })), await hashText(`|machine|${id}|7|u`));
    assert.equal(await hashUser("machine", environment(salted)), await hashText(`|machine|${id}|7|usalt`));
  }));
