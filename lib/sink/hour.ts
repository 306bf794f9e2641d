/**
 * Times as stores keep them: whole hours, as TelemetryDeck does.
 *
 * @module
 */

const hourLength = 3_600_000;

// The timestamps that the ingest API takes, see `schema.ts`.
const timestamp =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|([+-])(\d\d)(?::?(\d\d))?)$/;

/** The hours since 1970 of a time in milliseconds since 1970. */
export function hourOf(time: number): number {
  return Math.floor(time / hourLength);
}

// What ClickHouse's DateTime can hold.
const firstYear = 1970;
const lastYear = 2105;

/**
 * The hours since 1970 of an ISO 8601 timestamp; `undefined` if it is none, or too far off. The runtimes' own `Date.parse`
 * disagree about dates that do not exist, such as 30 February.
 */
export function parseHour(text: string): number | undefined {
  const parts = timestamp.exec(text);
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number);
  const time = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const exists = time.getUTCDate() === day && time.getUTCHours() === hour && minute < 60 && second < 60;
  if (!exists || time.getUTCMonth() !== month - 1 || time.getUTCFullYear() !== year) return undefined;
  if (year < firstYear || year > lastYear) return undefined;
  const offset = (Number(parts[8] ?? 0) * 60 + Number(parts[9] ?? 0)) * (parts[7] === "-" ? -1 : 1);
  return hourOf(time.getTime() - offset * 60_000);
}

/** An hour as ISO 8601, such as `2026-11-28T15:00:00.000Z`. */
export function formatHour(hour: number): string {
  return new Date(hour * hourLength).toISOString();
}
