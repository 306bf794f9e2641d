/**
 * The days that a report is about, the same number of days before them, and the steps that they are divided into.
 * Days are those of UTC, counted since 1970.
 *
 * @module
 */

import { UsageError } from "../usage_error.ts";

/** What time is divided into. */
export type Step = "day" | "week" | "month";

/** All of them. */
export const steps: readonly Step[] = ["day", "week", "month"];

/** Days from the first one to before the end. */
export interface Days {
  readonly first: number;
  readonly end: number;
}

/** The days that a report is about. */
export interface Period extends Days {
  readonly by: Step;
  /** As many days right before. */
  readonly previous: Days;
}

/** What a user may say about the period. */
export interface PeriodChoice {
  readonly days?: number;
  /** Dates such as `2026-11-28`. */
  readonly since?: string;
  readonly until?: string;
  readonly by?: Step;
}

const usualDays = 30;
const mostDays = 36_600;
const mostDaysByDay = 31;
const mostDaysByWeek = 182;
const dayLength = 86_400_000;

/**
 * Settles the period.
 *
 * @param now In milliseconds since 1970.
 * @throws {UsageError} On what is no date, and on a period that ends before it begins.
 */
export function resolvePeriod({ days, since, until, by }: PeriodChoice, now: number): Period {
  if (days !== undefined && since !== undefined) {
    throw new UsageError("--days and --since both say where the period begins; give one of them");
  }
  const end = (until === undefined ? Math.floor(now / dayLength) : parseDay("--until", until)) + 1;
  const first = since === undefined ? end - (days ?? usualDays) : parseDay("--since", since);
  if (first >= end) {
    throw new UsageError(`the period ends on ${formatDay(end - 1)}, before it begins on ${formatDay(first)}`);
  }
  const length = end - first;
  if (length > mostDays) {
    throw new UsageError(`the period has ${length} days but should have at most ${mostDays}`);
  }
  return { first, end, by: by ?? usualStep(length), previous: { first: first - length, end: first } };
}

function usualStep(length: number): Step {
  return length <= mostDaysByDay ? "day" : length <= mostDaysByWeek ? "week" : "month";
}

function parseDay(option: string, text: string): number {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  const day = Math.floor(time / dayLength);
  if (!Number.isNaN(time) && formatDay(day) === text) return day;
  throw new UsageError(`${option} is '${text}' but should be a date, such as 2026-11-28`);
}

/** A day as a date, such as `2026-11-28`. */
export function formatDay(day: number): string {
  return new Date(day * dayLength).toISOString().slice(0, 10);
}

/** Divides days by days, calendar weeks (from Monday on) or months; the first and the last may be cut. */
export function divide({ first, end }: Days, by: Step): Days[] {
  const parts: Days[] = [];
  for (let start = first; start < end;) {
    const next = Math.min(nextStart(start, by), end);
    parts.push({ first: start, end: next });
    start = next;
  }
  return parts;
}

function nextStart(day: number, by: Step): number {
  if (by === "day") return day + 1;
  // 1970 began on a Thursday.
  if (by === "week") return day + 7 - (day + 3) % 7;
  const date = new Date(day * dayLength);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) / dayLength;
}
