/**
 * The courier: this same program, started again in the background to deliver what is queued, at
 * most one at a time.
 *
 * A run adds its signal first and then looks at the lock; the courier releases the lock first and
 * then looks at the queue. So either the courier sees the signal or the run sees no courier, and
 * nothing stays behind in between.
 *
 * @module
 */

import { runtime } from "./runtime/mod.ts";
import { type Lock, system } from "./system/mod.ts";

/** The marker that the courier and everything it starts have in their environment. */
export const courierMarker = "GS_TELEMETRY_COURIER";

/** The hidden subcommand by which the program starts itself as the courier. */
export const courierSubcommand = "courier";

/** Takes the courier's lock; gives nothing while another process has it. */
export function lockCourier(stateDirectory: string): Lock | undefined {
  return system.lock(`${stateDirectory}/courier.lock`);
}

/** Whether a courier is at work, one that will see a signal queued before this question. */
export function isCourierAtWork(stateDirectory: string): boolean {
  const lock = lockCourier(stateDirectory);
  lock?.release();
  return lock === undefined;
}

/** Starts a courier that outlives this process and is none of its children; false where that fails. */
export function startCourier(stateDirectory: string): boolean {
  const command = [...runtime.programCommand(), courierSubcommand];
  return system.detach(command, stateDirectory, { [courierMarker]: "1" });
}
