import assert from "node:assert/strict";
import { test } from "node:test";
import { version } from "../../../lib/brand.ts";
import { runtime } from "../../../lib/runtime/mod.ts";
import { makeSignal, withReceivedAt, withToolVersion } from "../../../lib/signal/signal.ts";
import { appID } from "../../helpers/constants.ts";

const envelope = {
  appID,
  clientUser: "f".repeat(64),
  sessionID: "0195f2b4-7d4e-4c1b-8a55-0d8f3c6b1e2a",
  isTestMode: false,
  type: "GiantSwarm.command",
};
const signal = makeSignal(envelope, "kubectl gs login", "1.0.0");

// As captured from telemetrydeck-go, but for the SDK and the second version key.
const reference = `{"appID":"${appID}","clientUser":"${"f".repeat(64)}",` +
  `"sessionID":"0195f2b4-7d4e-4c1b-8a55-0d8f3c6b1e2a","isTestMode":false,"type":"GiantSwarm.command",` +
  `"payload":{"TelemetryDeck.AppInfo.version":"1.0.0",` +
  `"TelemetryDeck.Device.architecture":"${runtime.architecture}",` +
  `"TelemetryDeck.Device.operatingSystem":"${runtime.os}",` +
  `"TelemetryDeck.SDK.nameAndVersion":"gs-telemetry/${version}","appVersion":"1.0.0","command":"kubectl gs login"}}`;

test("makeSignal() writes the keys and the order of the Go library", () => {
  assert.equal(JSON.stringify(signal), reference);
});

test("makeSignal() leaves both versions out if the tool's version is not known", () => {
  const { payload } = makeSignal(envelope, "kubectl gs login");
  assert.deepEqual(Object.keys(payload), [
    "TelemetryDeck.Device.architecture",
    "TelemetryDeck.Device.operatingSystem",
    "TelemetryDeck.SDK.nameAndVersion",
    "command",
  ]);
});

test("makeSignal() and withToolVersion() put the caller before the command if the profile asks for it", () => {
  const { payload } = withToolVersion(makeSignal(envelope, "acme", undefined, "agent"), "1.0.0");
  assert.deepEqual(Object.keys(payload).slice(-3), ["appVersion", "caller", "command"]);
  assert.equal(payload.caller, "agent");
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
    const sent = withReceivedAt(signal, noon - sinceRun, noon);
    assert.equal(sent.receivedAt, receivedAt);
  });
}

test("withReceivedAt() never goes more than 24 hours back", () => {
  const now = noon + 20 * minute;
  assert.equal(
    withReceivedAt(signal, now - 30 * hour, now).receivedAt,
    "2026-11-22T13:00:00.000Z",
  );
});

test("withToolVersion() makes the same signal as if the version had been known at once", () => {
  const unversioned = makeSignal({ ...envelope, isTestMode: true }, "kubectl gs login");
  const versioned = makeSignal({ ...envelope, isTestMode: true }, "kubectl gs login", "2.0");
  assert.equal(JSON.stringify(withToolVersion(unversioned, "2.0")), JSON.stringify(versioned));
});

test("withReceivedAt() changes nothing else", () => {
  const { receivedAt, ...rest } = withReceivedAt(signal, noon - 2 * hour, noon);
  assert.deepEqual([receivedAt, rest], ["2026-11-23T10:00:00.000Z", signal]);
  assert.equal(withReceivedAt(signal, noon - hour, noon), signal);
  // The earliest full hour that is not more than 24 hours ago.
  assert.equal(withReceivedAt(signal, 0, noon).receivedAt, "2026-11-22T12:00:00.000Z");
  assert.equal(withReceivedAt(signal, 0, noon + 1).receivedAt, "2026-11-22T13:00:00.000Z");
});
