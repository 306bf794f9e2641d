import assert from "node:assert/strict";
import { test } from "node:test";
import { formatHour, parseHour } from "../../../lib/sink/hour.ts";

const valid: [text: string, hour: string][] = [
  ["2026-11-28T15:59:59Z", "2026-11-28T15:00:00.000Z"],
  ["2026-11-28 15:00:00.123456Z", "2026-11-28T15:00:00.000Z"],
  ["2026-11-28T00:30:00+01:00", "2026-11-27T23:00:00.000Z"],
  ["2026-11-28T23:30:00-0130", "2026-11-29T01:00:00.000Z"],
  ["2024-02-29T12:00:00+00", "2024-02-29T12:00:00.000Z"],
];

for (const [text, hour] of valid) {
  test(`parseHour() gives the hour of ${text}`, () => assert.equal(formatHour(parseHour(text) ?? 0), hour));
}

const wrong = ["", "yesterday", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-28T24:00:00Z"];
for (const text of [...wrong, "2026-11-28T10:60:00Z", "1969-12-31T23:00:00Z", "2106-01-01T00:00:00Z"]) {
  test(`parseHour() gives nothing for '${text}'`, () => assert.equal(parseHour(text), undefined));
}
