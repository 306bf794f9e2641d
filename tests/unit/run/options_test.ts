import assert from "node:assert/strict";
import { test } from "node:test";
import { checkOptions, findOption } from "../../../lib/run/options.ts";

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
