import assert from "node:assert/strict";
import { test } from "node:test";
import { machineIdentifier, userHash } from "../../lib/identity.ts";

const id = "0123456789abcdef0123456789abcdef";

test("machineIdentifier repeats for one user of one machine and differs for any other", async () => {
  const users: [string, number, string][] = [
    [id, 1000, "ada"],
    [id, 1001, "ada"],
    [id, 1000, "grace"],
    [id.replace("0", "f"), 1000, "ada"],
  ];
  const hash = (user: [string, number, string]) => userHash(machineIdentifier(...user)!, "salt");
  assert.equal(new Set(await Promise.all(users.map(hash))).size, users.length);
  assert.equal(await hash(users[0]), await hash([`${id.toUpperCase()}\n`, 1000, "ada"]));
});

test("machineIdentifier refuses what is no machine's own ID", () => {
  const refused = [
    undefined,
    "",
    "uninitialized",
    "0".repeat(32),
    "00000000-0000-0000-0000-000000000000",
    "x",
  ];
  for (const value of refused) assert.equal(machineIdentifier(value, 1000, "ada"), undefined, value);
});
