import assert from "node:assert/strict";
import { test } from "node:test";
import { brand } from "../../../lib/brand.ts";
import { noticeText } from "../../../lib/consent/notice.ts";

test("noticeText() has at most four lines of 80 columns, also under another name", () => {
  const { name } = brand;
  try {
    for (brand.name of [name, "acme-telemetry"]) {
      const text = noticeText("https://nom.telemetrydeck.com/v2/");
      const lines = text.split("\n");
      assert.equal(lines.pop(), "");
      assert.ok(lines.length <= 4);
      for (const line of lines) assert.ok(line.length <= 80, line);
      assert.match(text, new RegExp(`^${brand.name} sends`));
    }
  } finally {
    brand.name = name;
  }
});

test("noticeText() names who receives the signals", () => {
  assert.match(noticeText("https://nom.telemetrydeck.com/v2/"), /signals to TelemetryDeck:/);
  assert.match(noticeText("https://telemetry.example.org/v2/"), /signals to telemetry\.example\.org:/);
  assert.match(noticeText("https://nottelemetrydeck.com/v2/"), /signals to nottelemetrydeck\.com:/);
});
