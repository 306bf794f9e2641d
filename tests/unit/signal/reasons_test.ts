import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldReasons, payloadFields, signalFields } from "../../../lib/signal/fields.ts";

test("fieldReasons says why each field is sent, in a sentence of its own", () => {
  const reasons = Object.values(fieldReasons);
  assert.equal(reasons.length, Object.keys(signalFields).length + Object.keys(payloadFields).length);
  for (const reason of reasons) assert.match(reason, /^[A-Z][^.]+\.( See below how it is made\.)?$/);
  assert.equal(new Set(reasons).size, reasons.length);
});
