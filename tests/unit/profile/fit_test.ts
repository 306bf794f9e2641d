import assert from "node:assert/strict";
import { test } from "node:test";
import { isNewer } from "../../../lib/profile/fit.ts";

test("isNewer() compares the numbers of two versions", () => {
  const cases: [version: string, other: string, isNewer: boolean][] = [
    ["1.10.0", "v1.9", true],
    ["1.9", "1.10.0", false],
    ["1.9.0", "1.9", false],
    ["1.9.1", "1.9", true],
    ["1.9", "1.9.1", false],
    ["2", "1.99.99", true],
    ["1.0", "2.9", false],
    ["1.2.3", "1.2.3", false],
    ["", "1", false],
    ["1", "", true],
  ];
  for (const [version, other, expected] of cases) {
    assert.equal(isNewer(version, other), expected, `${version} ${other}`);
  }
});
