import assert from "node:assert/strict";
import { test } from "node:test";
import {
  askConsent,
  countedMarker,
  describeRefusal,
  refusingVariables,
} from "../../../lib/consent/consent.ts";
import { runtime } from "../../../lib/runtime/mod.ts";

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

/** Runs a test as if these variables might not be read. */
function withoutPermission(names: readonly string[], test: () => void): void {
  const { mayReadVariable } = runtime;
  runtime.mayReadVariable = (name) => !names.includes(name);
  try {
    test();
  } finally {
    runtime.mayReadVariable = mayReadVariable;
  }
}

for (const name of ["GS_TELEMETRY_OPTOUT", "KUBECTL_GS_TELEMETRY_OPTOUT", "DO_NOT_TRACK"]) {
  test(`askConsent() is refused if ${name} may not be read`, () =>
    withoutPermission([name], () => {
      const refusal = { given: false, decidedBy: name, fault: "may not be read" } as const;
      assert.deepEqual(ask({}), refusal);
      assert.equal(describeRefusal(refusal), `${name}, which may not be read`);
    }));
}

test("describeRefusal() is the variable or the file alone if that is not faulty", () => {
  assert.equal(describeRefusal({ given: false, decidedBy: "DO_NOT_TRACK" }), "DO_NOT_TRACK");
});

test("refusingVariables() lists in the order in which they are asked, and one that may not be read", () => {
  const all = ["GS_TELEMETRY_OPTOUT", "KUBECTL_GS_TELEMETRY_OPTOUT", "ACME_OPTOUT", "DO_NOT_TRACK"];
  assert.deepEqual(refusingVariables((name) => all.includes(name) ? "1" : undefined, "ACME_OPTOUT"), all);
  assert.deepEqual(refusingVariables(() => undefined, "ACME_OPTOUT"), []);
  withoutPermission(["ACME_OPTOUT"], () => {
    assert.deepEqual(refusingVariables(() => undefined, "ACME_OPTOUT"), ["ACME_OPTOUT"]);
    assert.deepEqual(refusingVariables(() => undefined), []);
  });
});

test("askConsent() asks the tool's own variable last", () => {
  const variables: Record<string, string> = { ACME_OPTOUT: "1" };
  const askOwn = (own?: string) => askConsent((name) => variables[name], own);
  assert.deepEqual(askOwn("ACME_OPTOUT"), { given: false, decidedBy: "ACME_OPTOUT" });
  assert.deepEqual(askOwn("OTHER_OPTOUT"), { given: true });
  assert.deepEqual(askOwn(), { given: true });
  variables.DO_NOT_TRACK = "1";
  assert.deepEqual(askOwn("ACME_OPTOUT"), { given: false, decidedBy: "DO_NOT_TRACK" });
  assert.equal(countedMarker, "GS_TELEMETRY_COUNTED");
});
