import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Backoff, isInForce, nextBackoff, readRetryAfter } from "../../../lib/delivery/backoff.ts";
import { limits } from "../../../lib/delivery/limits.ts";

const middle = 0.5;
const second = 1_000;
const hour = 3_600 * second;
const day = 24 * hour;
const year = 365 * day;
const now = Date.UTC(2026, 10, 23);

function after(count: number, answered: boolean): Backoff {
  let backoff: Backoff | undefined;
  for (let index = 0; index < count; index++) {
    backoff = nextBackoff(backoff, { answered }, now, middle, limits);
  }
  return backoff!;
}

test("nextBackoff doubles from 10 s to 300 s when the server answers with a failure", () => {
  const delays = [1, 2, 3, 4, 5, 6, 7, 20].map((count) => after(count, true).delay / second);
  assert.deepEqual(delays, [10, 20, 40, 80, 160, 300, 300, 300]);
});

test("nextBackoff waits an hour when six requests in a row brought no answer", () => {
  const delays = [5, 6, 7].map((count) => after(count, false).delay / second);
  assert.deepEqual(delays, [160, 3_600, 3_600]);
});

test("nextBackoff counts anew for the hour when there was an answer in between", () => {
  const answered = nextBackoff(after(5, false), { answered: true }, now, middle, limits);
  assert.equal(nextBackoff(answered, { answered: false }, now, middle, limits).delay, 300 * second);
});

test("nextBackoff varies by at most 20 % and honours Retry-After up to a day", () => {
  const failure = fc.record({ answered: fc.boolean(), retryAfter: fc.option(fc.nat(), { nil: undefined }) });
  fc.assert(
    fc.property(failure, fc.nat(30), fc.double({ min: 0, max: 1, noNaN: true }), (failure, count, random) => {
      const previous = count === 0 ? undefined : after(count, false);
      const { delay } = nextBackoff(previous, failure, now, random, limits);
      const asked = Math.min(failure.retryAfter ?? 0, day);
      assert.ok(delay >= Math.max(asked, 8 * second));
      assert.ok(delay <= 1.2 * Math.max(asked, hour));
    }),
    { seed: 4 },
  );
});

test("isInForce says no when the clock was set by years in either direction", () => {
  const backoff = after(6, false);
  assert.equal(isInForce(backoff, now + second), true);
  assert.equal(isInForce(backoff, now + hour + second), false);
  assert.equal(isInForce(backoff, now - 3 * year), false);
  assert.equal(isInForce(backoff, now + 3 * year), false);
  assert.equal(isInForce(undefined, now), false);
});

test("readRetryAfter understands seconds and dates and nothing else", () => {
  const cases: [header: string | null, expected: number | undefined][] = [
    ["120", 120 * second],
    [" 0 ", 0],
    ["Mon, 23 Nov 2026 00:01:00 GMT", 60 * second],
    ["Sun, 22 Nov 2026 00:01:00 GMT", 0],
    [null, undefined],
    ["", undefined],
    ["-5", undefined],
    ["1.5", undefined],
    ["soon", undefined],
  ];
  for (const [header, expected] of cases) assert.equal(readRetryAfter(header, now), expected, `${header}`);
});

test("nextBackoff() starts from nothing, and says when it was made", () => {
  const first = nextBackoff(undefined, { answered: false }, now, middle, limits);
  assert.deepEqual(first, { failures: 1, unanswered: 1, since: now, delay: 10 * second });
  const next = nextBackoff(first, { answered: false }, now + 1, middle, limits);
  assert.deepEqual(next, { failures: 2, unanswered: 2, since: now + 1, delay: 20 * second });
  const answered = nextBackoff(next, { answered: true }, now, middle, limits);
  assert.deepEqual(answered, { failures: 3, unanswered: 0, since: now, delay: 40 * second });
});

test("nextBackoff() varies its own delay both ways, and what a server asks for only upwards", () => {
  const delay = (random: number, retryAfter?: number) =>
    nextBackoff(undefined, { answered: true, retryAfter }, now, random, limits).delay;
  assert.deepEqual([0, 0.5, 1].map((random) => delay(random)), [8_000, 10_000, 12_000]);
  assert.deepEqual([0, 0.5, 1].map((random) => delay(random, 20_000)), [20_000, 22_000, 24_000]);
  assert.equal(delay(0, 2 * day), day);
  assert.equal(delay(1 / 3, 1), 9_333);
});

test("isInForce() begins with the instant of the failure and ends with its delay", () => {
  const backoff = { failures: 1, unanswered: 1, since: now, delay: 10 };
  const cases: [time: number, expected: boolean][] = [[-1, false], [0, true], [9, true], [10, false]];
  for (const [time, expected] of cases) assert.equal(isInForce(backoff, now + time), expected, `${time}`);
});

test("readRetryAfter() takes any letter for a date's, and only whole numbers for seconds", () => {
  assert.equal(readRetryAfter("120 s", now), undefined);
  assert.equal(readRetryAfter("1 2", now), undefined);
  assert.equal(readRetryAfter("2026-11-23T00:01:00Z", now), 60 * second);
});
