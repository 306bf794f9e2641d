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

import { backoffOf, readDeliveryState } from "./state.ts";
import { runtime } from "../runtime/mod.ts";
import { type Lock, system } from "../system/mod.ts";

/** The marker that the courier and everything it starts have in their environment. */
export const courierMarker = "GS_TELEMETRY_COURIER";

/** The hidden subcommand by which the program starts itself as the courier. */
export const courierSubcommand = "courier";

/** The argument of a courier that does not wait for more signals, since somebody waits for it. */
export const urgently = "--now";

/** A signal in the queue of a state directory. */
export interface Recorded {
  readonly directory: string;
  readonly url: string;
  /** Of its file. */
  readonly name: string;
}

/** What became of the call for a courier. */
export type CourierCall = "started" | "at work" | "backing off" | "failed" | "not wanted";

/** Takes the courier's lock, unless another process has it; gives nothing where it cannot be taken at all. */
export function lockCourier(stateDirectory: string): Lock | "taken" | undefined {
  return system.lock(`${stateDirectory}/courier.lock`);
}

/** Whether a courier is at work, one that will see a signal queued before this question. */
export function isCourierAtWork(stateDirectory: string): boolean {
  const lock = lockCourier(stateDirectory);
  if (lock === "taken") return true;
  lock?.release();
  return false;
}

/**
 * Starts a courier, unless one is at work or the signal's server is to be left alone for now.
 *
 * In a back-off a run only writes its file. One in some hundreds starts a courier all the same, to
 * keep the queue within its bounds: nobody else looks into it meanwhile.
 *
 * @param isUrgent Whether somebody waits for the delivery.
 * @param command The words that start a courier, if not this program's own; without any, none is started.
 */
export function callCourier(
  { directory, url, name }: Recorded,
  isUrgent: boolean,
  command?: readonly string[],
): CourierCall {
  if (command?.length === 0) return "not wanted";
  const backoff = backoffOf(readDeliveryState(directory), url, Date.now());
  if (backoff && !isChosenToTidy(name)) return "backing off";
  const lock = lockCourier(directory);
  if (lock === "taken") return "at work";
  if (!lock) return "failed";
  lock.release();
  return startCourier(directory, [...command ?? ownCourier(), ...(isUrgent ? [urgently] : [])])
    ? "started"
    : "failed";
}

/** Two digits of the random part of the name. */
function isChosenToTidy(name: string): boolean {
  return name.endsWith("00.json");
}

/** Asks a courier at work to end before its next request, since somebody waits to take over. */
export function askToYield(stateDirectory: string): void {
  system.files.create(yieldPath(stateDirectory), "");
}

/** Whether the courier is asked to end. */
export function isAskedToYield(stateDirectory: string): boolean {
  return system.files.exists(yieldPath(stateDirectory));
}

/** Forgets the question; done by whoever has the lock, so that one from a dead process does no harm. */
export function forgetYield(stateDirectory: string): void {
  system.files.remove(yieldPath(stateDirectory));
}

function yieldPath(stateDirectory: string): string {
  return `${stateDirectory}/courier.yield`;
}

/** The words that start this same program as the courier. */
function ownCourier(): readonly string[] {
  return [...runtime.programCommand(), courierSubcommand];
}

/**
 * The words that start a courier for a program that uses the library: its runtime, with a module of this
 * source, under whatever ending that is published. None in a standalone program or one that was bundled into
 * one file, which have no modules left.
 */
export function libraryCourier(): readonly string[] {
  // In a bundle it is the bundle's, and missing in one of CommonJS.
  const url: string | undefined = import.meta.url;
  const ending = url?.slice(url.lastIndexOf("."));
  if (!url?.endsWith(`/delivery/courier_start${ending}`)) return [];
  return runtime.moduleCommand(new URL(`courier_entry${ending}`, url).href) ?? [];
}

/** Starts a courier that outlives this process and is none of its children; false where that fails. */
function startCourier(stateDirectory: string, command: readonly string[]): boolean {
  return system.detach(command, stateDirectory, {
    [courierMarker]: "1",
    // From source, Deno would ask for its own new versions.
    DENO_NO_UPDATE_CHECK: "1",
    // Node.js obeys the variables for proxies only then.
    NODE_USE_ENV_PROXY: "1",
  });
}
