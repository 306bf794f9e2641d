/**
 * How telemetry stands: collected as data, then shown.
 *
 * @module
 */

import { askConsent, type Consent } from "./consent.ts";
import { isCourierAtWork } from "./delivery/courier.ts";
import { readDeliveryState } from "./delivery/state.ts";
import { isInForce } from "./delivery/backoff.ts";
import { stateDirectory } from "./paths.ts";
import { ingestUrl } from "./plan.ts";
import { countRejected, listQueue, recordedAt } from "./delivery/queue.ts";
import { runtime } from "./runtime/mod.ts";

/** How telemetry stands; times in ISO 8601, UTC. */
export interface Status {
  readonly consent: Consent;
  readonly endpoint: string;
  /** Where signals wait; nothing without a home. */
  readonly stateDirectory: string | undefined;
  readonly queue: { readonly length: number; readonly oldest?: string };
  /** Whether a courier is at work. */
  readonly isDelivering: boolean;
  readonly lastDelivery?: string;
  readonly lastError?: { readonly at: string; readonly reason: string };
  /** When the first of the servers that are left alone for now is tried again. */
  readonly nextTry?: string;
  /** Signals that a server has refused for good, kept for a look at them. */
  readonly setAside: number;
  /** Signals given up because they were too many, too old or damaged. */
  readonly dropped: number;
}

/** Prints how telemetry stands. */
export function showStatus(asJson: boolean): number {
  const status = readStatus(Date.now());
  runtime.write(1, asJson ? `${JSON.stringify(status, null, 2)}\n` : renderStatus(status));
  return 0;
}

/** Collects how telemetry stands; changes nothing. */
export function readStatus(now: number): Status {
  const consent = askConsent(runtime.env);
  const endpoint = ingestUrl({}, runtime.env);
  const directory = stateDirectory(runtime.env);
  if (!directory) {
    return {
      consent,
      endpoint,
      stateDirectory: undefined,
      queue: { length: 0 },
      isDelivering: false,
      setAside: 0,
      dropped: 0,
    };
  }
  const names = listQueue(directory);
  const { lastDelivery, lastError, backoffs, dropped } = readDeliveryState(directory);
  const tries = Object.values(backoffs).filter((backoff) => isInForce(backoff, now));
  const nextTry = tries.length > 0 ? Math.min(...tries.map(({ since, delay }) => since + delay)) : undefined;
  return {
    consent,
    endpoint,
    stateDirectory: directory,
    queue: { length: names.length, oldest: isoTime(names.length > 0 ? recordedAt(names[0]) : undefined) },
    isDelivering: names.length > 0 && isCourierAtWork(directory),
    lastDelivery: isoTime(lastDelivery),
    lastError: lastError && { at: isoTime(lastError.at) ?? "", reason: lastError.reason },
    nextTry: isoTime(nextTry),
    setAside: countRejected(directory),
    dropped,
  };
}

function isoTime(time: number | undefined): string | undefined {
  return time === undefined || Number.isNaN(new Date(time).getTime())
    ? undefined
    : new Date(time).toISOString();
}

/** Shows how telemetry stands, for people. */
export function renderStatus(status: Status): string {
  const { consent, queue, lastError } = status;
  const lines: [label: string, value: string | number | undefined][] = [
    ["Telemetry", consent.given ? "on" : `off, by ${consent.decidedBy}`],
    ["Endpoint", status.endpoint],
    ["State", status.stateDirectory ?? "none: there is no home"],
    ["Waiting", queue.oldest ? `${queue.length}, the oldest since ${queue.oldest}` : queue.length],
    ["Being sent", status.isDelivering ? "now" : "no"],
    ["Last delivery", status.lastDelivery ?? "never"],
    ["Last error", lastError && `${lastError.at}: ${lastError.reason}`],
    ["Next try", status.nextTry],
    ["Set aside", status.setAside],
    ["Given up", status.dropped],
  ];
  const shown = lines.filter(([, value]) => value !== undefined);
  return shown.map(([label, value]) => `${`${label}:`.padEnd(15)}${value}\n`).join("");
}
