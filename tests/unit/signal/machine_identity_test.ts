import assert from "node:assert/strict";
import { test } from "node:test";
import { joinIngredients, machineIngredients } from "../../../lib/signal/identity.ts";
import { linuxMachineID } from "../../../lib/system/linux.ts";

const id = "0123456789abcdef0123456789abcdef";

test("machineIngredients() repeats for one user of one machine and differs for any other", () => {
  const users: [string, number, string][] = [
    [id, 1000, "ada"],
    [id, 1001, "ada"],
    [id, 1000, "grace"],
    [id.replace("0", "f"), 1000, "ada"],
  ];
  const identifier = (user: [string, number, string]) => joinIngredients(machineIngredients(...user)!);
  assert.equal(new Set(users.map(identifier)).size, users.length);
  assert.equal(identifier(users[0]), identifier([`${id.toUpperCase()}\n`, 1000, "ada"]));
});

test("machineIngredients() refuses what is no machine's own ID", () => {
  const refused = [
    undefined,
    "",
    "uninitialized",
    "0".repeat(32),
    "00000000-0000-0000-0000-000000000000",
    "x",
  ];
  for (const value of refused) assert.equal(machineIngredients(value, 1000, "ada"), undefined, value);
});

test("linuxMachineID() reads systemd's ID, then that of D-Bus, and takes neither nil nor uninitialized", () => {
  const other = "f".repeat(32);
  const cases: [systemd: string | undefined, dbus: string | undefined, expected: string | undefined][] = [
    [`${id}\n`, `${other}\n`, id],
    [undefined, `${other}\n`, other],
    ["uninitialized\n", other, other],
    ["0".repeat(32), other, other],
    ["", undefined, undefined],
  ];
  for (const [systemd, dbus, expected] of cases) {
    const read = (path: string) => path === "/etc/machine-id" ? systemd : dbus;
    assert.equal(linuxMachineID(read), expected);
  }
});

test("machineIngredients() are the machine's ID and the user, by names for explain", () => {
  const ingredients = [
    { name: "kind", value: "machine" },
    { name: "machine ID", value: id },
    { name: "user number", value: 1000 },
    { name: "user name", value: "ada" },
  ];
  assert.deepEqual(machineIngredients(id, 1000, "ada"), ingredients);
  assert.equal(joinIngredients(ingredients), `|machine|${id}|1000|ada`);
});

test("machineIngredients() takes an ID of 32 to 36 hexadecimal digits and hyphens", () => {
  const cases: [value: string, isRight: boolean][] = [
    ["f".repeat(31), false],
    ["f".repeat(32), true],
    ["f".repeat(36), true],
    ["f".repeat(37), false],
    [`${"0".repeat(31)}1`, true],
    ["01234567-89ab-cdef-0123-456789abcdef", true],
    [`${"f".repeat(31)}g`, false],
    [`x${"f".repeat(32)}`, false],
  ];
  for (const [value, isRight] of cases) {
    assert.equal(machineIngredients(value, 1, "") !== undefined, isRight, value);
  }
});
