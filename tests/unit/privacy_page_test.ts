import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { payloadFields, signalFields } from "../../lib/signal_fields.ts";
import { makeSignal, withReceivedAt } from "../../lib/signal.ts";

const page = readFileSync(new URL("../../docs/privacy.md", import.meta.url), "utf8");

/** The first cells of the tables with fields and examples. */
const documented = [...page.matchAll(/^\| `([\w.]+)` +\| `/gm)].map(([, name]) => name);

const fullest = withReceivedAt(
  makeSignal({
    appID: "4539763B-A291-4835-B832-9BEB80CA7039",
    clientUser: "f".repeat(64),
    sessionID: "0195f2b4-7d4e-4c1b-8a55-0d8f3c6b1e2a",
    testMode: false,
    signalType: "GiantSwarm.command",
    command: "kubectl gs login",
    toolVersion: "1.0.0",
    os: "linux",
    architecture: "amd64",
  }),
  0,
  86_400_000,
);

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
