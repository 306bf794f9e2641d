import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { builtInProfiles } from "../../../lib/library/profiles.ts";
import { builtInCandidates } from "../../../lib/profile/built_in/mod.ts";
import { checkProfile, renamedKeys } from "../../../lib/profile/schema.ts";
import { schemaFile, schemaText } from "../../../scripts/schema.ts";

const right = {
  $schema: "profile.schema.json",
  name: "acme",
  displayName: "acme",
  match: [["acme"]],
  root: { name: "acme", commands: [{ name: "deploy", valueFlags: ["--target"] }] },
};

test("the JSON Schema file is what the schema in the program says", () => {
  assert.equal(readFileSync(schemaFile, "utf8"), schemaText(), "run `deno task schema`");
});

test("checkProfile takes the built-in profiles and a small one", () => {
  for (const profile of builtInProfiles) assert.deepEqual(checkProfile(profile, "built in"), profile);
  for (const { name, match, load } of builtInCandidates) {
    const profile = load([]);
    assert.deepEqual([profile.name, profile.match], [name, match]);
  }
  assert.deepEqual(checkProfile(right, "acme.json"), right);
});

const wrong: [value: unknown, message: string][] = [
  [null, "the profile should be Object, not null"],
  [{ ...right, name: undefined }, "name is missing"],
  [{ ...right, name: "" }, "name should not be empty"],
  [{ ...right, match: [] }, "match should have an entry"],
  [{ ...right, match: ["acme"] }, 'match.0 should be Array, not "acme"'],
  [{ ...right, appID: "4711" }, 'appID should be a UUID, not "4711"'],
  [{ ...right, appId: "4711" }, "appId is not known"],
  [{ ...right, optOutVariable: "NO-WAY" }, 'optOutVariable should be the name of a variable, not "NO-WAY"'],
  [{ ...right, optOut: "A", optOutVariable: "B" }, "optOut is not known"],
  [{ ...right, environment: { A: 1 } }, "environment.A should be string, not 1"],
  [{ ...right, identity: "user" }, 'identity should be "machine", not "user"'],
  [{ ...right, root: { name: "acme", command: [] } }, "root.command is not known"],
  [{ ...right, root: { name: "two words" } }, 'root.name should be one word, not "two words"'],
  [
    {
      ...right,
      root: { name: "acme", commands: [{ name: "get" }, { name: "set", valueFlags: ["output"] }] },
    },
    'root.commands.1.valueFlags.0 should be a flag, such as --output or -o, not "output"',
  ],
];

test("checkProfile says in which file, at which place and what is expected", () => {
  for (const [value, message] of wrong) {
    assert.throws(() => checkProfile(value, "acme.json"), {
      name: "UsageError",
      message: `profile acme.json: ${message}`,
    });
  }
});

test("checkProfile reads the keys of 0.1 under their present names", () => {
  const old = { ...right, optOut: "ACME_OPTOUT", testMode: "ACME_TEST" };
  const { optOutVariable, testModeVariable, ...rest } = checkProfile(old, "acme.json");
  assert.deepEqual([optOutVariable, testModeVariable, rest], ["ACME_OPTOUT", "ACME_TEST", right]);
  assert.deepEqual(renamedKeys(old), [["optOut", "optOutVariable"], ["testMode", "testModeVariable"]]);
  for (const value of [right, null, "x", []]) assert.deepEqual(renamedKeys(value), []);
});
