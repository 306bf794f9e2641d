/**
 * Batches of signals on their way, and the requests that they make.
 *
 * @module
 */

import type { Signal } from "../signal/signal.ts";
import type { Limits } from "./limits.ts";
import type { PostOutcome } from "./post.ts";

/** A signal as it will be sent. */
export interface OutgoingSignal {
  /** The name of its file in the queue. */
  readonly name: string;
  readonly signal: Signal;
  /** Bytes of JSON. */
  readonly length: number;
}

/** Makes a signal ready to be sent. */
export function outgoing(name: string, signal: Signal): OutgoingSignal {
  return { name, signal, length: new TextEncoder().encode(JSON.stringify(signal)).length };
}

/** Reports whether one more signal fits into a batch, by number and by bytes. */
export function fits(batch: readonly OutgoingSignal[], { length }: OutgoingSignal, limits: Limits): boolean {
  const brackets = 2;
  const total = batch.reduce((sum, each) => sum + each.length + 1, brackets);
  return batch.length < limits.batchLength && total + length <= limits.bodyLength;
}

/** Writes the body of a request: one array of signals. */
export function requestBody(batch: readonly OutgoingSignal[]): string {
  return JSON.stringify(batch.map(({ signal }) => signal));
}

/** Says what was sent and what became of it, for `GS_TELEMETRY_DEBUG`. */
export function describeRequest(
  url: string,
  batch: readonly OutgoingSignal[],
  outcome: PostOutcome,
): string {
  const signals = batch.map(({ signal }) => `signal: ${JSON.stringify(signal)}`);
  return [...signals, `${batch.length} sent to ${url}: ${describeOutcome(outcome)}`].join("\n");
}

function describeOutcome(outcome: PostOutcome): string {
  switch (outcome.kind) {
    case "accepted":
      return "taken";
    case "refused":
      return `refused for good: status ${outcome.status}`;
    case "failed":
      return `failed, kept for later: ${outcome.reason}`;
  }
}
