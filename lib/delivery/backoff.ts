/**
 * How long a server is left alone after a failure.
 *
 * @module
 */

import type { Limits } from "./limits.ts";

/** The state of a server that did not take what it was sent; times in milliseconds. */
export interface Backoff {
  /** Requests in a row that were not successful. */
  readonly failures: number;
  /** Requests in a row that brought no answer at all. */
  readonly unanswered: number;
  /** When the last of them was, since 1970. */
  readonly since: number;
  /** How long to wait from then on. */
  readonly delay: number;
}

/** A request that failed. */
export interface Failure {
  /** Whether there was any answer. */
  readonly answered: boolean;
  /** For how long the server asks to be left alone, in milliseconds. */
  readonly retryAfter?: number;
}

const jitter = 0.2;

/**
 * Reports whether to leave the server alone now. A back-off that begins in the future was written before the
 * clock was set back, and does not count.
 */
export function isInForce(backoff: Backoff | undefined, now: number): backoff is Backoff {
  return backoff !== undefined && backoff.since <= now && now < endOf(backoff);
}

/** Returns when the server may be tried again, in milliseconds since 1970. */
export function endOf({ since, delay }: Backoff): number {
  return since + delay;
}

/**
 * Lengthens a back-off by one more failure.
 *
 * @param random From 0 up to 1, so that the clients of a server that was down do not all come back at once.
 */
export function nextBackoff(
  previous: Backoff | undefined,
  failure: Failure,
  now: number,
  random: number,
  limits: Limits,
): Backoff {
  const failures = (previous?.failures ?? 0) + 1;
  const unanswered = failure.answered ? 0 : (previous?.unanswered ?? 0) + 1;
  const own = unanswered >= limits.unreachableAfter
    ? limits.unreachableBackoff
    : Math.min(limits.firstBackoff * 2 ** (failures - 1), limits.longestBackoff);
  const asked = Math.min(failure.retryAfter ?? 0, limits.longestRetryAfter);
  const delay = Math.max(own * (1 - jitter + 2 * jitter * random), asked * (1 + jitter * random));
  return { failures, unanswered, since: now, delay: Math.round(delay) };
}

/**
 * Reads the header `Retry-After` (RFC 9110, section 10.2.3), seconds or a date, as milliseconds from now.
 *
 * @param now The present by the server's own header `Date`, or else by the clock of this machine.
 */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  // Only a date with letters is one; JavaScript would read "-5" or "1.5" as one as well.
  const date = /[a-z]/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
