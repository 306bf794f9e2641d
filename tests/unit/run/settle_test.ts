import assert from "node:assert/strict";
import { test } from "node:test";
import { settle } from "../../../lib/run/settle.ts";

const env = () => undefined;

test("settle() says whether all is settled or what is in the way", async () => {
  const settlement = await settle({ kind: "command", options: {}, command: ["acme", "x"] }, env);
  assert.equal(settlement.kind, "settled");
  const wrong = (name: string) => name === "GS_TELEMETRY_WAIT" ? "soon" : undefined;
  assert.deepEqual(await settle({ kind: "command", options: {}, command: ["acme"] }, wrong), {
    kind: "problem",
    problem: "GS_TELEMETRY_WAIT is 'soon' but should be a number of seconds, such as 5",
    decidedBy: "GS_TELEMETRY_WAIT",
  });
});
