import assert from "node:assert/strict";
import { test } from "node:test";
import { makeSignal, withReceivedAt } from "../../../lib/signal/signal.ts";
import { version } from "../../../lib/brand.ts";

const facts = {
  appID: "4539763B-A291-4835-B832-9BEB80CA7039",
  clientUser: "f".repeat(64),
  sessionID: "0195f2b4-7d4e-4c1b-8a55-0d8f3c6b1e2a",
  testMode: false,
  signalType: "GiantSwarm.command",
  command: "kubectl gs login",
  toolVersion: "1.0.0",
  os: "linux",
  architecture: "amd64",
};

// As captured from telemetrydeck-go, but for the SDK and the second version key.
const reference = `{"appID":"4539763B-A291-4835-B832-9BEB80CA7039","clientUser":"${"f".repeat(64)}",` +
  `"sessionID":"0195f2b4-7d4e-4c1b-8a55-0d8f3c6b1e2a","isTestMode":false,"type":"GiantSwarm.command",` +
  `"payload":{"TelemetryDeck.AppInfo.version":"1.0.0","TelemetryDeck.Device.architecture":"amd64",` +
  `"TelemetryDeck.Device.operatingSystem":"linux",` +
  `"TelemetryDeck.SDK.nameAndVersion":"gs-telemetry/${version}","appVersion":"1.0.0","command":"kubectl gs login"}}`;

test("makeSignal() writes the keys and the order of the Go library", () => {
  assert.equal(JSON.stringify(makeSignal(facts)), reference);
});

test("makeSignal() leaves both versions out when the tool's version is not known", () => {
  const { payload } = makeSignal({ ...facts, toolVersion: undefined });
  assert.deepEqual(Object.keys(payload), [
    "TelemetryDeck.Device.architecture",
    "TelemetryDeck.Device.operatingSystem",
    "TelemetryDeck.SDK.nameAndVersion",
    "command",
  ]);
});

const noon = Date.parse("2026-11-23T12:00:00Z");
const minute = 60_000;
const hour = 60 * minute;

const times: [sinceRun: number, receivedAt: string | undefined][] = [
  [0, undefined],
  [hour, undefined],
  [hour + 1, "2026-11-23T10:00:00.000Z"],
  [90 * minute, "2026-11-23T10:00:00.000Z"],
  [23 * hour + 30 * minute, "2026-11-22T12:00:00.000Z"],
  [24 * hour + minute, "2026-11-22T12:00:00.000Z"],
  [6 * 24 * hour, "2026-11-22T12:00:00.000Z"],
  [-5 * hour, undefined],
];

for (const [sinceRun, receivedAt] of times) {
  test(`withReceivedAt() gives ${receivedAt ?? "no time"} when the run was ${sinceRun / minute} minutes ago`, () => {
    const signal = withReceivedAt(makeSignal(facts), noon - sinceRun, noon);
    assert.equal(signal.receivedAt, receivedAt);
  });
}

test("withReceivedAt() never goes more than 24 hours back", () => {
  const now = noon + 20 * minute;
  assert.equal(
    withReceivedAt(makeSignal(facts), now - 30 * hour, now).receivedAt,
    "2026-11-22T13:00:00.000Z",
  );
});
