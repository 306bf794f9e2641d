import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { payloadFields, signalFields } from "../../../lib/signal/fields.ts";
import { makeSignal, type SignalEnvelope, withReceivedAt } from "../../../lib/signal/signal.ts";

const page = readFileSync(new URL("../../../docs/privacy.md", import.meta.url), "utf8");

/** The first cells of the tables with fields and examples. */
const documented = [...page.matchAll(/^\| `([\w.]+)` +\| `/gm)].map(([, name]) => name);

const day = 86_400_000;
const envelope: SignalEnvelope = { appID: "", clientUser: "", sessionID: "", isTestMode: false, type: "" };
const fullest = withReceivedAt(makeSignal(envelope, "acme", "1.0.0", "person"), 0, day);

test("docs/privacy.md lists each field of a signal, and no other", () => {
  const { payload, ...signal } = fullest;
  assert.deepEqual(documented.toSorted(), [...Object.keys(signal), ...Object.keys(payload)].toSorted());
});

test("docs/privacy.md lists each field of the types of a signal, and no other", () => {
  assert.deepEqual(
    documented.toSorted(),
    [...Object.keys(signalFields), ...Object.keys(payloadFields)].toSorted(),
  );
});

test("docs/privacy.md leads to donottrack.sh", () => {
  assert.match(page, /https:\/\/donottrack\.sh/);
  assert.doesNotMatch(page, /consoledonottrack/);
});
