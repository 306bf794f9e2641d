/**
 * Records a signal: puts it into the queue and calls a courier.
 *
 * @module
 */

import { debug, isDebugging } from "../messages.ts";
import { callCourier, type CourierCall, type Recorded } from "../delivery/courier_start.ts";
import { spool, type SpooledSignal } from "../delivery/queue.ts";
import type { Signal } from "../signal/signal.ts";

/** How a courier is called. */
export interface Calling {
  /** The words that start it, if not this program's own; without any, none is called. */
  readonly courier?: readonly string[];
  /** Whether somebody waits for the delivery. */
  readonly isUrgent: boolean;
}

/**
 * Records a signal.
 *
 * @returns Nothing where it cannot be kept.
 */
export function record(
  directory: string,
  entry: SpooledSignal,
  { courier, isUrgent }: Calling,
): Recorded | undefined {
  if (isDebugging()) debug(describeSignal(entry.url, entry.signal));
  const name = spool(directory, entry, Date.now());
  if (name === undefined) {
    debug(`cannot write to ${directory}`);
    return undefined;
  }
  const recorded = { directory, url: entry.url, name };
  debug(courierCalls[callCourier(recorded, isUrgent, courier)]);
  return recorded;
}

const courierCalls: Readonly<Record<CourierCall, string>> = {
  started: "recorded; a courier was started, which sends it in the background",
  "at work": "recorded; a courier is at work and sends it in the background",
  "backing off": "recorded; it waits, since the server is left alone after a failure: see status",
  failed: "recorded; it waits for a later run, since no courier could be started",
  "not wanted": "recorded; it waits for a flush or for a run that delivers, such as one with --wait",
};

function describeSignal(url: string, signal: Signal): string {
  const { type, payload } = signal;
  return `to ${url}: ${type} ${JSON.stringify(payload.command)}\nsignal: ${JSON.stringify(signal)}`;
}
