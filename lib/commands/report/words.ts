/**
 * How a report's page says figures, on a terminal and in HTML.
 *
 * @module
 */

import type { Answer, DateRange } from "../../report/answer.ts";

const number = new Intl.NumberFormat("en");
const day = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short" });
const dayOfYear = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", dateStyle: "medium" });

/** A count; what is held back as `<5`. */
export function count(value: number | null, { leastPeople }: Answer): string {
  return value === null ? `<${leastPeople}` : number.format(value);
}

/** A share, such as `12 %`; `<1 %` for what would be rounded to nothing. */
export function share(value: number | null, { leastPeople }: Answer): string {
  if (value === null) return `<${leastPeople}`;
  const percent = Math.round(value * 100);
  return percent === 0 && value > 0 ? "<1 %" : `${percent} %`;
}

/** The change from the period before, such as `+12 %`; `new` if there was nothing. */
export function change(now: number | null, before: number | null): string {
  if (now === null || before === null) return "";
  if (before === 0) return now === 0 ? "" : "new";
  const percent = Math.round((now - before) / before * 100);
  return percent === 0 ? "=" : `${percent > 0 ? "+" : "−"}${number.format(Math.abs(percent))} %`;
}

/** A range of days, such as `30 Oct to 28 Nov 2026`. */
export function dates({ since, until }: DateRange): string {
  const [first, last] = [since, until].map((date) => new Date(`${date}T00:00:00Z`));
  if (since === until) return dayOfYear.format(last);
  return `${since.slice(0, 4) === until.slice(0, 4) ? day.format(first) : dayOfYear.format(first)} to ${
    dayOfYear.format(last)
  }`;
}

/** A step of time, by its first day. */
export function stepName({ since }: DateRange, { period }: Answer): string {
  const date = new Date(`${since}T00:00:00Z`);
  return period.by === "month" ? since.slice(0, 7) : day.format(date);
}

/** What the report is about, for its heading. */
export function subject({ filter }: Answer): string {
  const what = filter.command ?? filter.tool ?? "all commands";
  return filter.testMode ? `Tests of ${what}` : `Usage of ${what}`;
}

/** A system, such as `linux/amd64`. */
export function systemName({ os, architecture }: { os: string | null; architecture: string | null }): string {
  return os === null && architecture === null ? "unknown" : `${os ?? "?"}/${architecture ?? "?"}`;
}

/** Who ran a command. */
export function callerName(caller: string | null): string {
  return caller ?? "not said";
}

/** Says of a table that it is held back as a whole. */
export function wholeHeldBack({ leastPeople }: Answer): string {
  return `held back: fewer than ${leastPeople} people in too many rows`;
}

/** What has to be known to read the figures, a sentence each. */
export function notes(answer: Answer): string[] {
  const { leastPeople, period, callers } = answer;
  return [
    `Changes are to ${dates(period.previous)}, the ${
      period.days === 1 ? "day" : `${period.days} days`
    } before.`,
    ...(leastPeople > 1
      ? [
        `<${leastPeople}: fewer than ${leastPeople} people, or held back so that those cannot be worked out.`,
      ]
      : []),
    ...(callers.length > 0
      ? ["People and runs are those of people. Scripts, CI jobs and agents stand by themselves."]
      : []),
  ];
}

/** Says what could not be counted; an empty text if all could. */
export function passedOver({ passedOver: { lines, undated } }: Answer): string {
  const parts = [
    ...(lines > 0
      ? [`${number.format(lines)} ${lines === 1 ? "line is no signal" : "lines are no signals"}`]
      : []),
    ...(undated > 0
      ? [
        `${number.format(undated)} ${
          undated === 1 ? "signal has" : "signals have"
        } no time (stored by an older sink)`,
      ]
      : []),
  ];
  return parts.length === 0 ? "" : `passed over: ${parts.join("; ")}`;
}

/** Says that there is nothing to show. */
export function nothingFound({ period }: Answer): string {
  return `No signals from ${dates(period)}.`;
}
