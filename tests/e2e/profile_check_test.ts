import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inWorld, type Result, type World } from "../helpers/harness.ts";

const acme = {
  name: "acme",
  displayName: "acme",
  match: [["acme"]],
  root: {
    name: "acme",
    commands: [
      { name: "deploy", aliases: ["up"] },
      { name: "cluster", commands: [{ name: "list" }] },
      { name: "completion", counted: false, commands: [{ name: "bash" }] },
    ],
  },
};

async function check(world: World, value: unknown): Promise<Result> {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  writeFileSync(join(world.home, "acme.json"), text);
  return await world.run(["profile", "check", "acme.json"]);
}

test("profile check lists each name that a profile gives", () =>
  inWorld(async (world) => {
    const { stdout, stderr, status } = await check(world, acme);
    assert.deepEqual([stdout, stderr, status], [
      "acme\nacme deploy\nacme cluster\nacme cluster list\n",
      "",
      0,
    ]);
  }));

test("profile check tells all mistakes at once, a line each, and no names", () =>
  inWorld(async (world) => {
    const wrong = { ...acme, appID: "4711", identity: "user", root: { name: "two words", flags: [] } };
    const { stdout, stderr, status } = await check(world, wrong);
    assert.deepEqual([stdout, status], ["", 125]);
    assert.deepEqual(stderr.split("\n").sort(), [
      "",
      'gs-telemetry: profile acme.json: appID should be a UUID, not "4711"',
      'gs-telemetry: profile acme.json: identity should be "machine", not "user"',
      "gs-telemetry: profile acme.json: root.flags is not known",
      'gs-telemetry: profile acme.json: root.name should be one word, not "two words"',
    ]);
  }));

test("profile check tells what its author should change, and takes the profile", () =>
  inWorld(async (world) => {
    const { stderr, status } = await check(world, { ...acme, optOut: "ACME_OPTOUT" });
    assert.equal(
      stderr,
      "gs-telemetry: profile acme.json: 'optOut' is now called 'optOutVariable'; the old name still works\n",
    );
    assert.equal(status, 0);
  }));

test("profile check says in a line what is no profile at all, and what it needs", () =>
  inWorld(async (world) => {
    const cases: readonly [args: string[], pattern: RegExp][] = [
      [["profile", "check", "none.json"], /^gs-telemetry: profile none\.json: cannot be read: .+\n$/],
      [["profile", "show", "x.json"], /^gs-telemetry: profile has the action check, not 'show'\n$/],
      [["profile", "check"], /^gs-telemetry: .+\n/],
    ];
    for (const [args, pattern] of cases) {
      const { status, stderr } = await world.run(args);
      assert.match(stderr, pattern);
      assert.equal(status, 125);
    }
    assert.match((await check(world, "{")).stderr, /^gs-telemetry: profile acme\.json: is not JSON: .+\n$/);
  }));

test("GS_TELEMETRY_SIGNAL_TYPE stands for --signal-type, which wins", () =>
  inWorld(async (world) => {
    const env = { GS_TELEMETRY_SIGNAL_TYPE: "Acme.command", GS_TELEMETRY_APP_ID: crypto.randomUUID() };
    const typeOf = async (...options: string[]) =>
      JSON.parse((await world.run(["explain", ...options, "--", "true"], { env })).stdout)[0].type;
    assert.equal(await typeOf(), "Acme.command");
    assert.equal(await typeOf("--signal-type", "Other.command"), "Other.command");
  }));
