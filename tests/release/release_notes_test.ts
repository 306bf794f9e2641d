import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { version } from "../../lib/brand.ts";
import { changesOf } from "../../scripts/release_notes.ts";

test("changesOf() gives the text below a version's heading, and no other's", () => {
  const changelog = "# Changelog\n\n## 0.10.0\n\n- new\n\n## 0.1.0\n\n- old\n";
  assert.equal(changesOf(changelog, "0.1.0"), "- old");
  assert.equal(changesOf(changelog, "0.10.0"), "- new");
  assert.equal(changesOf(changelog, "0.2.0"), undefined);
});

test("the changelog says something of the present version", () => {
  const changelog = readFileSync(new URL("../../CHANGELOG.md", import.meta.url), "utf8");
  assert.ok(changesOf(changelog, version));
});
