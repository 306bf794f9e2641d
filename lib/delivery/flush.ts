/**
 * Sends what is queued now, in this process.
 *
 * @module
 */

import { askConsent, describeRefusal } from "../consent/consent.ts";
import { findStateDirectory, type StateDirectory } from "../directories/state_directory.ts";
import { isDryRun } from "../messages.ts";
import { runtime } from "../runtime/mod.ts";
import type { Environment } from "../runtime/runtime.ts";
import { UsageError } from "../usage_error.ts";
import { awaitLock } from "./courier_lock.ts";
import { Delivery } from "./delivery.ts";
import { readDeliveryState } from "./delivery_state.ts";
import { clearQueue } from "./queue.ts";
import { listQueue } from "./queue_reader.ts";
import { type Surroundings, surroundings } from "./surroundings.ts";

/** How to flush. */
export interface FlushOptions {
  /** When to give up, in milliseconds from now. If left out, when all that can be done is done. */
  readonly timeout?: number;
  /** Is told before the first signal is sent how many there are. */
  readonly onStart?: (signals: number) => void | Promise<void>;
  /** Is told how many signals are dealt with, now and then. */
  readonly onProgress?: (signals: number) => void;
}

/** What became of a flush. */
export interface FlushResult {
  /**
   * `empty`: nothing waited. `delivered`: nothing waits any more. `waiting`: something still does.
   * `off`: telemetry is off, and what waited is deleted.
   */
  readonly outcome: "empty" | "delivered" | "waiting" | "off";
  /** How many signals still wait. */
  readonly waiting: number;
  /** Why they do, or what switches telemetry off. */
  readonly reason?: string;
}

/**
 * Sends what is queued by this user's tools, also to servers that are to be left alone for now. The result says
 * if a server failed.
 *
 * @throws {UsageError} If the timeout is not a number.
 * @example
 * ```ts
 * import { flush } from "@giantswarm/gs-telemetry";
 *
 * const { outcome, waiting, reason } = await flush({ timeout: 5_000 });
 * if (outcome === "waiting") console.error(`${waiting} signals wait: ${reason}`);
 * ```
 */
export async function flush(options: FlushOptions = {}): Promise<FlushResult> {
  return await flushFor(runtime.env, options, surroundings);
}

/** Does what `flush` does, with what it needs from outside. */
export async function flushFor(
  env: Environment,
  options: FlushOptions,
  outside: Surroundings,
): Promise<FlushResult> {
  const { timeout = Infinity } = options;
  if (Number.isNaN(timeout)) {
    throw new UsageError(`timeout is '${timeout}' but should be a number of milliseconds`);
  }
  const deadline = outside.uptime() + timeout;
  const state = findStateDirectory(env);
  const consent = askConsent(env);
  if (state && !consent.given) {
    if (!isDryRun()) clearQueue(state);
    return { outcome: "off", waiting: 0, reason: describeRefusal(consent) };
  }
  if (!state || listQueue(state).length === 0) return { outcome: "empty", waiting: 0 };
  if (isDryRun()) return resultOf(state, "this is a dry run");
  return await flushQueue(state, options, deadline, outside);
}

/** Takes over from a courier at work, if there is one, and sends until nothing new waits. */
async function flushQueue(
  state: StateDirectory,
  { onStart, onProgress }: FlushOptions,
  deadline: number,
  outside: Surroundings,
): Promise<FlushResult> {
  const settings = { gathers: false, ignoresBackoff: true, patience: 0, yields: false, deadline, onProgress };
  const delivery = new Delivery(state, settings, outside);
  let isFirst = true;
  do {
    const lock = await awaitLock(state, { deadline, requestsYield: true }, outside);
    if (!lock) return resultOf(state, "its directory cannot be locked");
    if (lock === "taken") return resultOf(state, "another process is sending");
    try {
      if (isFirst) await onStart?.(listQueue(state).length);
      await delivery.run();
    } finally {
      lock.release();
    }
    isFirst = false;
    // A run that recorded a signal meanwhile started no courier, since it saw one at work: this process.
  } while (delivery.hasNews());
  const isLate = outside.uptime() >= deadline;
  return resultOf(state, isLate ? "time is up" : readDeliveryState(state).lastError?.reason);
}

function resultOf(state: StateDirectory, reason: string | undefined): FlushResult {
  const waiting = listQueue(state).length;
  return waiting === 0 ? { outcome: "delivered", waiting } : { outcome: "waiting", waiting, reason };
}
