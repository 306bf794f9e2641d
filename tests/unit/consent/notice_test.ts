import assert from "node:assert/strict";
import { test } from "node:test";
import { brand } from "../../../lib/brand.ts";
import { noticeText } from "../../../lib/consent/notice.ts";

const telemetryDeck = "https://nom.telemetrydeck.com/v2/";

test("noticeText() has at most four lines of 80 columns, also under another name", () => {
  const { name } = brand;
  try {
    for (brand.name of [name, "acme-telemetry"]) {
      const text = noticeText(telemetryDeck, "kubectl gs", brand.name);
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

test("noticeText() names the tool, and who receives the signals", () => {
  const text = (url: string) => noticeText(url, "restic", "gs-telemetry");
  assert.match(text(telemetryDeck), /signals about restic to TelemetryDeck:\n/);
  assert.match(text("https://telemetry.example.org/v2/"), /about restic\nto telemetry\.example\.org:\n/);
  assert.match(text("https://nottelemetrydeck.com/v2/"), /about restic to nottelemetrydeck\.com:\n/);
});

test("noticeText() folds a long first line, and leaves out what a long call leaves no room for", () => {
  const call = "/opt/acme-platform-tools/0.1.0/bin/gs-telemetry";
  assert.equal(
    noticeText(telemetryDeck, "acme-platform-tool", call),
    `gs-telemetry sends anonymous usage signals about acme-platform-tool
to TelemetryDeck:
the name of the command, never its arguments. Nothing is sent about this run.
  See it:  ${call} explain -- COMMAND
  Opt out: ${call} disable, or DO_NOT_TRACK=1
`,
  );
});

test("noticeText() names variables alone if the program cannot be called", () => {
  const text = noticeText(telemetryDeck, "restic", undefined);
  assert.match(text, /\n {2}Opt out: DO_NOT_TRACK=1 or GS_TELEMETRY_OPTOUT=1\n$/);
  assert.doesNotMatch(text, /disable|explain/);
});
