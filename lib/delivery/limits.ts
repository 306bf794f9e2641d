/**
 * The bounds of queue and courier. Times are in milliseconds.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";

const second = 1_000;
const hour = 3_600 * second;
const day = 24 * hour;

const defaults = {
  /** Signals that wait at most; the oldest go first. */
  queueLength: 10_000,
  /** How long a signal waits at most. */
  queueAge: 7 * day,
  /** Signals kept after a server has refused them for good. */
  rejectedLength: 100,
  /** Signals in one request at most. */
  batchLength: 100,
  /** Bytes in one request at most. */
  bodyLength: 64 * 1024,
  /** How long a request may take. */
  timeout: 10 * second,
  /** How long a courier stays to try a server again, counted from its last success. */
  patience: 60 * second,
  /** How long a courier may be at work without progress. */
  progressTimeout: 60 * second,
  /** After how long without progress the system ends a courier that hangs, in a lookup or in its runtime. */
  hangTimeout: 180 * second,
  /** How long a courier waits for more signals: short at first, so that a single run is delivered at once … */
  firstPause: 250,
  /** … then longer, so that a thousand runs in a row become few requests. */
  longestPause: 8 * second,
  firstBackoff: 10 * second,
  longestBackoff: 300 * second,
  /** The back-off of a server that cannot be reached at all … */
  unreachableBackoff: hour,
  /** … after so many requests in a row that brought no answer. */
  unreachableAfter: 6,
  /** However long a server asks to be left alone. */
  longestRetryAfter: day,
  /** Single signals refused in a row that show the fault to be the server's, not the signals'. */
  refusedInRow: 10,
};

/** Bounds by name. */
export type Limits = Readonly<typeof defaults>;

/** The bounds; tests change some by `GS_TELEMETRY_LIMITS`, a JSON object. */
export const limits: Limits = { ...defaults, ...changes() };

function changes(): Partial<Limits> {
  try {
    return JSON.parse(runtime.env("GS_TELEMETRY_LIMITS") ?? "{}");
  } catch {
    return {};
  }
}
