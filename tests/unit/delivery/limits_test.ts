import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { limits } from "../../../lib/delivery/limits.ts";
import { surroundings } from "../../../lib/delivery/surroundings.ts";

// As `docs/delivery.md` has them: users rely on them.
test("limits are those that are documented", () => {
  assert.deepEqual(limits, {
    queueLength: 10_000,
    queueAge: 604_800_000,
    rejectedLength: 100,
    batchLength: 100,
    bodyLength: 65_536,
    timeout: 10_000,
    patience: 60_000,
    progressTimeout: 60_000,
    hangTimeout: 180_000,
    firstPause: 250,
    longestPause: 8_000,
    firstBackoff: 10_000,
    longestBackoff: 300_000,
    unreachableBackoff: 3_600_000,
    unreachableAfter: 6,
    longestRetryAfter: 86_400_000,
    refusedInRow: 10,
  });
});

test("surroundings are the real world", async () => {
  const { now, uptime, pause, random, hasConsent } = surroundings;
  assert.equal(surroundings.limits, limits);
  assert.ok(Math.abs(now() - Date.now()) < 10_000);
  const before = uptime();
  await pause(20);
  const passed = uptime() - before;
  assert.ok(passed >= 19 && passed < 10_000, String(passed));
  const numbers = Array.from({ length: 20 }, random);
  assert.ok(numbers.every((number) => number >= 0 && number < 1) && new Set(numbers).size > 10);
  const { DO_NOT_TRACK } = process.env;
  process.env.DO_NOT_TRACK = "1";
  try {
    assert.equal(hasConsent(), false);
  } finally {
    if (DO_NOT_TRACK === undefined) delete process.env.DO_NOT_TRACK;
    else process.env.DO_NOT_TRACK = DO_NOT_TRACK;
  }
});
