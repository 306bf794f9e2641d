import assert from "node:assert/strict";
import { test } from "node:test";
import { askConsent, refusingVariables } from "../../../lib/consent/consent.ts";

function ask(variables: Record<string, string>) {
  return askConsent((name) => variables[name]);
}

const cases: [variables: Record<string, string>, decidedBy: string | undefined][] = [
  [{}, undefined],
  [{ GS_TELEMETRY_OPTOUT: "" }, undefined],
  [{ GS_TELEMETRY_OPTOUT: "1" }, "GS_TELEMETRY_OPTOUT"],
  [{ GS_TELEMETRY_OPTOUT: "0" }, "GS_TELEMETRY_OPTOUT"],
  [{ GS_TELEMETRY_OPTOUT: "false" }, "GS_TELEMETRY_OPTOUT"],
  [{ GS_TELEMETRY_OPTOUT: " " }, "GS_TELEMETRY_OPTOUT"],
  [{ KUBECTL_GS_TELEMETRY_OPTOUT: "no" }, "KUBECTL_GS_TELEMETRY_OPTOUT"],
  [{ DO_NOT_TRACK: "" }, undefined],
  [{ DO_NOT_TRACK: "0" }, undefined],
  [{ DO_NOT_TRACK: "false" }, undefined],
  [{ DO_NOT_TRACK: "FALSE" }, undefined],
  [{ DO_NOT_TRACK: "1" }, "DO_NOT_TRACK"],
  [{ DO_NOT_TRACK: "true" }, "DO_NOT_TRACK"],
  [{ DO_NOT_TRACK: "yes" }, "DO_NOT_TRACK"],
];

for (const [variables, decidedBy] of cases) {
  test(`askConsent() is ${decidedBy ? "refused" : "given"} when the environment is ${JSON.stringify(variables)}`, () => {
    assert.deepEqual(ask(variables), decidedBy ? { given: false, decidedBy } : { given: true });
  });
}

test("refusingVariables() lists the profile's own variable, and no other tool's", () => {
  const variables: Record<string, string> = { ACME_TELEMETRY_OPTOUT: "x", DO_NOT_TRACK: "1" };
  const env = (name: string) => variables[name];
  assert.deepEqual(refusingVariables(env, "ACME_TELEMETRY_OPTOUT"), [
    "ACME_TELEMETRY_OPTOUT",
    "DO_NOT_TRACK",
  ]);
  assert.deepEqual(refusingVariables(env, "OTHER_TELEMETRY_OPTOUT"), ["DO_NOT_TRACK"]);
});

test("askConsent() does not take a variable that a run has set for the user's word", () => {
  const variables = { KUBECTL_GS_TELEMETRY_OPTOUT: "1", GS_TELEMETRY_COUNTED: "KUBECTL_GS_TELEMETRY_OPTOUT" };
  assert.deepEqual(ask(variables), { given: true });
  assert.deepEqual(ask({ ...variables, DO_NOT_TRACK: "1" }), { given: false, decidedBy: "DO_NOT_TRACK" });
});
