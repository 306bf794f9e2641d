import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkOptions,
  checkValue,
  findOption,
  isSeconds,
  type OptionDefinition,
  optionDefinitions,
  type OptionName,
} from "../../../lib/run/options.ts";

const uuid = "0195f2b4-7d4e-4c1b-8a55-0d8f3c6b1e2a";

test("findOption() prefers the option, takes the variable, and passes over an empty one", () => {
  const env = (name: string) =>
    name === "GS_TELEMETRY_SESSION" ? uuid : name === "GS_TELEMETRY_APP_ID" ? "" : undefined;
  const option = { kind: "option", name: "--session" };
  const variable = { kind: "variable", name: "GS_TELEMETRY_SESSION" };
  assert.deepEqual(findOption("session", { session: "mine" }, env), { value: "mine", source: option });
  assert.deepEqual(findOption("session", {}, env), { value: uuid, source: variable });
  assert.equal(findOption("appID", {}, env), undefined);
  assert.equal(findOption("name", {}, () => "set"), undefined);
});

test("findOption() throws a VariableError, which is no usage error, if the variable is wrong", () => {
  assert.throws(() => findOption("appID", {}, () => "acme"), {
    name: "VariableError",
    variable: "GS_TELEMETRY_APP_ID",
    message:
      "GS_TELEMETRY_APP_ID is 'acme' but should be a UUID, such as 4539763B-A291-4835-B832-9BEB80CA7039",
  });
});

test("checkOptions() keeps what is given and right, under its own name", () => {
  assert.deepEqual(checkOptions({ appID: uuid, wait: undefined, testMode: "" }), {
    appID: uuid,
    testMode: "",
  });
  assert.throws(() => checkOptions({ wait: "-1" }), {
    name: "UsageError",
    message: "wait is '-1' but should be a number of seconds, such as 5",
  });
});

const uuidExpected = "a UUID, such as 4539763B-A291-4835-B832-9BEB80CA7039";
const nameExpected = "letters, digits, dots, hyphens and underscores";
const textExpected = "a text that is not empty";
const urlExpected = "an https URL, or an http URL of this machine, without a password or a query";

/** Each option: flag, placeholder, variable, values that are right, values that are wrong, what is expected. */
const table: Record<OptionName, [string, string?, string?, string[]?, string[]?, string?]> = {
  appID: ["--app-id", "UUID", "GS_TELEMETRY_APP_ID", [uuid, uuid.toUpperCase()], ["acme", ""], uuidExpected],
  namespace: ["--namespace", "NAME", "GS_TELEMETRY_NAMESPACE", ["a.b-c_1"], ["", "a/b", "a b"], nameExpected],
  endpoint: [
    "--endpoint",
    "URL",
    "GS_TELEMETRY_ENDPOINT",
    ["https://a.org"],
    ["http://a.org", ""],
    urlExpected,
  ],
  profile: ["--profile", "NAME|FILE", "GS_TELEMETRY_PROFILE", ["a", " a "], ["", " "], textExpected],
  name: ["--name", "NAME", undefined, ["kubectl gs"], ["", "\t"], textExpected],
  signalType: [
    "--signal-type",
    "TYPE",
    "GS_TELEMETRY_SIGNAL_TYPE",
    ["Acme.command"],
    ["", "a,b"],
    nameExpected,
  ],
  toolVersion: ["--tool-version", "VERSION", undefined, ["v1"], ["", " "], textExpected],
  session: ["--session", "UUID", "GS_TELEMETRY_SESSION", [uuid], ["1"], uuidExpected],
  testMode: ["--test-mode", undefined, "GS_TELEMETRY_TEST_MODE"],
  wait: [
    "--wait",
    "SECONDS",
    "GS_TELEMETRY_WAIT",
    ["5", "0.5"],
    ["-1", ""],
    "a number of seconds, such as 5",
  ],
  human: ["--human"],
  json: ["--json"],
};

for (const [name, [flag, value, variable, right = [], wrong = [], expected]] of Object.entries(table)) {
  test(`${flag} takes ${value ?? "no value"}${variable ? ` and is also ${variable}` : ""}`, () => {
    const definition: OptionDefinition = optionDefinitions[name as OptionName];
    assert.deepEqual([definition.flag, definition.value, definition.variable], [flag, value, variable]);
    for (const each of right) assert.equal(checkValue("X", each, definition), each);
    for (const each of wrong) {
      const message = `X is '${each}' but should be ${expected}`;
      assert.throws(() => checkValue("X", each, definition), { name: "UsageError", message });
    }
  });
}

test("each option has a description of its own, and --wait means 5 seconds without a value", () => {
  const all: OptionDefinition[] = Object.values(optionDefinitions);
  const descriptions = all.map(({ description }) => description);
  assert.ok(descriptions.every((text) => text.length > 15));
  assert.equal(new Set(descriptions).size, descriptions.length);
  assert.deepEqual(
    all.filter(({ implied }) => implied !== undefined).map(({ flag, implied }) => [flag, implied]),
    [
      ["--wait", "5"],
    ],
  );
  assert.deepEqual(all.filter(({ only }) => only !== undefined).map(({ flag, only }) => [flag, only]), [
    ["--human", "explain"],
    ["--json", "explain"],
  ]);
});

test("checkValue() shows no password", () => {
  const message = /^X is 'https:\/\/…@a\.org' but/;
  assert.throws(() => checkValue("X", "https://me:SECRET@a.org", optionDefinitions.endpoint), { message });
});

test("isSeconds() takes up to six digits and three behind the point", () => {
  const right = ["0", "5", "999999", "0.5", "0.125"];
  const wrong = ["", "-1", "1000000", "5.", ".5", "0.1234", "5s", " 5", "1e3", "0x5", "Infinity"];
  for (const value of right) assert.equal(isSeconds(value), true, value);
  for (const value of wrong) assert.equal(isSeconds(value), false, value);
});

test("findOption() takes a switch's variable, whatever its value", () => {
  const source = { kind: "variable", name: "GS_TELEMETRY_TEST_MODE" };
  assert.deepEqual(findOption("testMode", {}, () => "0"), { value: "0", source });
  assert.equal(findOption("testMode", {}, () => ""), undefined);
  assert.deepEqual(findOption("testMode", { testMode: "" }, () => "1"), {
    value: "",
    source: { kind: "option", name: "--test-mode" },
  });
});
