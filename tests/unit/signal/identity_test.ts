import assert from "node:assert/strict";
import { test } from "node:test";
import { hashText } from "../../../lib/runtime/hash.ts";
import { type IdentityFacts, joinIngredients, referenceIngredients } from "../../../lib/signal/identity.ts";
import vectors from "../../vectors/user-identifier.json" with { type: "json" };

function userIdentifier(facts: IdentityFacts): string {
  return joinIngredients(referenceIngredients(facts));
}

for (const [index, vector] of vectors.vectors.entries()) {
  const env: Record<string, string | undefined> = vector.env;
  const facts = {
    os: vector.goos,
    architecture: vector.goarch,
    hostname: vector.hostname,
    hardwareAddresses: vector.interfaces.map(({ address }) => address),
    uid: vector.uid,
    gid: vector.gid,
    user: env.USER ?? "",
    username: env.USERNAME ?? "",
    percentUsername: env["%USERNAME%"] ?? "",
  };

  test(`referenceIngredients() and hashText() equal the Go library's when given vector ${index}`, async () => {
    const identifier = userIdentifier(facts);
    assert.equal(identifier, vector.identifier);
    assert.equal(await hashText(identifier), vector.sha256);
    assert.equal(await hashText(identifier + vector.saltedWith), vector.saltedSha256);
  });
}

const facts = {
  os: "linux",
  architecture: "arm64",
  hostname: "vm",
  hardwareAddresses: [] as string[],
  uid: 1,
  gid: 2,
  user: "u",
  username: "n",
  percentUsername: "p",
};

test("referenceIngredients() leaves the host name out when it cannot be read", () => {
  assert.equal(userIdentifier({ ...facts, hostname: undefined }), "|linux|arm64||1|2|u|n|p");
});

test("referenceIngredients() keeps an address twice when two interfaces have it", () => {
  const hardwareAddresses = ["02:00:00:00:00:0b", "02:00:00:00:00:0a", "02:00:00:00:00:0b"];
  const joined = "02:00:00:00:00:0a 02:00:00:00:00:0b 02:00:00:00:00:0b";
  assert.equal(userIdentifier({ ...facts, hardwareAddresses }), `|linux|arm64|vm|${joined}|1|2|u|n|p`);
});

test("referenceIngredients() leaves out empty addresses and those of only zeros", () => {
  const hardwareAddresses = ["", "00:00:00:00:00:00", "00:00"];
  assert.equal(userIdentifier({ ...facts, hardwareAddresses }), "|linux|arm64|vm||1|2|u|n|p");
});

test("referenceIngredients() names each of them for explain", () => {
  assert.deepEqual(referenceIngredients({ ...facts, hardwareAddresses: ["02:00"] }), [
    { name: "operating system", value: "linux" },
    { name: "architecture", value: "arm64" },
    { name: "host name", value: "vm" },
    { name: "hardware addresses", value: "02:00" },
    { name: "user number", value: 1 },
    { name: "group number", value: 2 },
    { name: "$USER", value: "u" },
    { name: "$USERNAME", value: "n" },
    { name: "$%USERNAME%", value: "p" },
  ]);
});

test("referenceIngredients() leaves out only addresses that have nothing but zeros", () => {
  const hardwareAddresses = ["00:00:01", "10:00", "0a"];
  const found = referenceIngredients({ ...facts, hardwareAddresses }).find(({ name }) =>
    /hardware/.test(name)
  );
  assert.equal(found?.value, "00:00:01 0a 10:00");
});
