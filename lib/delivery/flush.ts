/**
 * Sends what is queued now, in this process.
 *
 * @module
 */

import { askConsent, describeRefusal } from "../consent/consent.ts";
import { askToYield, forgetYield, lockCourier } from "./courier_start.ts";
import { Delivery } from "./delivery.ts";
import { readDeliveryState } from "./state.ts";
import { stateDirectory } from "../directories/paths.ts";
import { pause } from "./pause.ts";
import { listQueue } from "./queue_reader.ts";
import { runtime } from "../runtime/mod.ts";
import { clearQueue } from "./queue.ts";
import type { Lock } from "../system/mod.ts";
import { UsageError } from "../usage_error.ts";

const lookEvery = 50;

/** How to flush. */
export interface FlushOptions {
  /** When to give up, in milliseconds from now; without it, when all that can be done is done. */
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
 * Sends what is queued by this user's tools, also to servers that are to be left alone for now. Trouble
 * with a server is told by the result.
 *
 * @throws {UsageError} If the timeout is no number.
 * @example
 * ```ts
 * import { flush } from "@giantswarm/gs-telemetry";
 *
 * const { outcome, waiting, reason } = await flush({ timeout: 5_000 });
 * if (outcome === "waiting") console.error(`${waiting} signals wait: ${reason}`);
 * ```
 */
export async function flush({ timeout = Infinity, onStart, onProgress }: FlushOptions = {}): Promise<
  FlushResult
> {
  if (Number.isNaN(timeout)) {
    throw new UsageError(`timeout is '${timeout}' but should be a number of milliseconds`);
  }
  const directory = stateDirectory(runtime.env);
  const deadline = performance.now() + timeout;
  const consent = askConsent(runtime.env);
  if (directory && !consent.given) {
    clearQueue(directory);
    return { outcome: "off", waiting: 0, reason: describeRefusal(consent) };
  }
  const waiting = directory ? listQueue(directory).length : 0;
  if (!directory || waiting === 0) return { outcome: "empty", waiting: 0 };
  const lock = await takeOver(directory, deadline);
  if (!lock) return restOf(directory, "its folder cannot be locked");
  if (lock === "taken") return restOf(directory, "another process is sending");
  const delivery = new Delivery(directory, {
    gathers: false,
    ignoresBackoff: true,
    patience: 0,
    yields: false,
    deadline,
    onProgress,
  });
  try {
    await onStart?.(listQueue(directory).length);
    await delivery.run();
  } finally {
    lock.release();
  }
  await deliverNews(directory, delivery);
  const isLate = performance.now() >= deadline;
  return restOf(directory, isLate ? "time is up" : readDeliveryState(directory).lastError?.reason);
}

async function takeOver(directory: string, deadline: number): Promise<Lock | "taken" | undefined> {
  for (;;) {
    const lock = lockCourier(directory);
    if (lock !== "taken" || performance.now() >= deadline) {
      forgetYield(directory);
      return lock;
    }
    askToYield(directory);
    await pause(lookEvery);
  }
}

/** A run that recorded a signal meanwhile has called no courier, since it saw one at work: this process. */
async function deliverNews(directory: string, delivery: Delivery): Promise<void> {
  while (delivery.hasNews()) {
    const lock = lockCourier(directory);
    if (!lock || lock === "taken") return;
    await delivery.run().finally(() => lock.release());
  }
}

function restOf(directory: string, reason: string | undefined): FlushResult {
  const waiting = listQueue(directory).length;
  return waiting === 0 ? { outcome: "delivered", waiting } : { outcome: "waiting", waiting, reason };
}
