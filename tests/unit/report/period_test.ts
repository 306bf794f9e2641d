import assert from "node:assert/strict";
import { test } from "node:test";
import { divide, formatDay, type PeriodChoice, resolvePeriod } from "../../../lib/report/period.ts";

const now = Date.UTC(2026, 10, 28, 23, 59);

function describe(choice: PeriodChoice): string {
  const { first, end, previous, by } = resolvePeriod(choice, now);
  return `${formatDay(previous.first)} ${formatDay(first)} ${formatDay(end - 1)} ${by}`;
}

test("resolvePeriod() takes the last 30 days, today among them, if nothing is said", () => {
  assert.equal(describe({}), "2026-09-30 2026-10-30 2026-11-28 day");
});

test("resolvePeriod() divides longer periods into weeks and months", () => {
  assert.equal(describe({ days: 90 }), "2026-06-02 2026-08-31 2026-11-28 week");
  assert.equal(describe({ since: "2025-11-29" }), "2024-11-29 2025-11-29 2026-11-28 month");
  assert.equal(
    describe({ since: "2026-11-01", until: "2026-11-02", by: "week" }),
    "2026-10-30 2026-11-01 2026-11-02 week",
  );
  assert.equal(describe({ days: 2, until: "2026-01-01" }), "2025-12-29 2025-12-31 2026-01-01 day");
});

const wrong: [choice: PeriodChoice, message: RegExp][] = [
  [{ since: "yesterday" }, /^--since is 'yesterday' but should be a date, such as 2026-11-28$/],
  [{ until: "2026-02-30" }, /^--until is '2026-02-30'/],
  [{ since: "2026-11-29" }, /^the period ends on 2026-11-28, before it begins on 2026-11-29$/],
  [{ since: "2026-11-02", until: "2026-11-01" }, /before it begins/],
  [{ since: "2026-11-02", days: 3 }, /give one of them$/],
  [{ since: "0001-01-01" }, /at most 36600$/],
];
for (const [choice, message] of wrong) {
  test(`resolvePeriod() refuses ${JSON.stringify(choice)}`, () =>
    assert.throws(() => resolvePeriod(choice, now), { name: "UsageError", message }));
}

test("divide() has weeks begin on Monday and cuts the first and the last part", () => {
  const parts = (by: "week" | "month") =>
    divide(resolvePeriod({ since: "2026-10-30" }, now), by).map(({ first, end }) =>
      `${formatDay(first)} ${end - first}`
    );
  assert.deepEqual(parts("week"), [
    "2026-10-30 3",
    "2026-11-02 7",
    "2026-11-09 7",
    "2026-11-16 7",
    "2026-11-23 6",
  ]);
  assert.deepEqual(parts("month"), ["2026-10-30 2", "2026-11-01 28"]);
});
