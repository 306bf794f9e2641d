/**
 * The courier's lock: at most one process delivers at a time.
 *
 * A run adds its signal first and then looks at the lock; who delivers releases the lock first and then looks at
 * the queue. So either the courier sees the signal or the run sees no courier, and nothing stays behind.
 *
 * @module
 */

import type { StateDirectory } from "../directories/state_directory.ts";
import { type Lock, system } from "../system/mod.ts";
import { moveAside } from "./misplaced.ts";
import type { Surroundings } from "./surroundings.ts";

const pollInterval = 20;

/** The lock, or why this process does not have it: `taken` by another, `undefined` if it cannot be taken at all. */
export type LockResult = Lock | "taken" | undefined;

/** Takes the courier's lock if it is free. */
export function lockCourier({ courierLock }: StateDirectory): LockResult {
  const lock = system.lock(courierLock);
  return lock === undefined && moveAside(courierLock, "file") ? system.lock(courierLock) : lock;
}

/** How to wait for the lock. */
export interface LockWait {
  /** When to give up, by `Surroundings.uptime`. */
  readonly deadline: number;
  /** Whether to ask the process that has the lock to end. */
  readonly requestsYield: boolean;
}

/** Takes the lock, waiting for it if need be. Forgets any request to yield, which was not for its new holder. */
export async function awaitLock(
  state: StateDirectory,
  { deadline, requestsYield }: LockWait,
  { uptime, pause }: Surroundings,
): Promise<LockResult> {
  for (;;) {
    const lock = lockCourier(state);
    const isOver = lock !== "taken" || uptime() >= deadline;
    if (isOver && (requestsYield || lock !== "taken")) system.files.remove(state.yieldRequest);
    if (isOver) return lock;
    if (requestsYield) requestYield(state);
    await pause(pollInterval);
  }
}

/** Reports whether a courier is at work, one that will see a signal that is already in the queue. */
export function isCourierAtWork(state: StateDirectory): boolean {
  const lock = lockCourier(state);
  if (lock === "taken") return true;
  lock?.release();
  return false;
}

/** Asks the courier at work to end before its next request, since somebody waits to take over. */
export function requestYield({ yieldRequest }: StateDirectory): void {
  system.files.create(yieldRequest, "");
}

/** Reports whether the holder of the lock is asked to end. */
export function isYieldRequested({ yieldRequest }: StateDirectory): boolean {
  return system.files.exists(yieldRequest);
}
