/**
 * Starts the courier: this same program, again, in the background, to deliver what is queued.
 *
 * @module
 */

import type { StateDirectory } from "../directories/state_directory.ts";
import { runtime } from "../runtime/mod.ts";
import type { Environment } from "../runtime/runtime.ts";
import { system } from "../system/mod.ts";
import { lockCourier } from "./courier_lock.ts";
import { backoffOf, readDeliveryState } from "./delivery_state.ts";

/** The variable that the courier and everything it starts have in their environment. */
export const courierMarker = "GS_TELEMETRY_COURIER";

/** The marker's value for a courier that waits for no more signals, since somebody waits for it. */
const urgent = "urgent";

/** The hidden subcommand by which the program starts itself as the courier. */
export const courierSubcommand = "courier";

/** The words that start a courier; `undefined` if there is to be none. */
export type CourierCommand = readonly string[] | undefined;

/** A signal in the queue. */
export interface Recorded {
  readonly state: StateDirectory;
  readonly url: string;
  /** The name of its file. */
  readonly name: string;
}

/** What became of the wish for a courier. */
export type CourierOutcome = "started" | "at work" | "backing off" | "failed" | "not wanted";

/**
 * Starts a courier, unless one is at work or the signal's server is to be left alone for now.
 *
 * During a back-off a run only writes its file. One in some hundreds starts a courier all the same, to keep the
 * queue within its bounds: nobody else looks into it meanwhile.
 *
 * @param isUrgent Whether somebody waits for the delivery.
 */
export function ensureCourier(
  { state, url, name }: Recorded,
  command: CourierCommand,
  isUrgent: boolean,
): CourierOutcome {
  if (command === undefined) return "not wanted";
  const backoff = backoffOf(readDeliveryState(state), url, Date.now());
  if (backoff && !isChosenToTidy(name)) return "backing off";
  const lock = lockCourier(state);
  if (lock === "taken") return "at work";
  if (!lock) return "failed";
  lock.release();
  return startCourier(state, command, isUrgent) ? "started" : "failed";
}

/** Looks at two digits of the random part of the name. */
function isChosenToTidy(name: string): boolean {
  return name.endsWith("00.json");
}

/** Starts a courier that outlives this process and is not its child. Returns false if that fails. */
function startCourier(state: StateDirectory, command: readonly string[], isUrgent: boolean): boolean {
  return system.detach(command, state.path, {
    [courierMarker]: isUrgent ? urgent : "1",
    // From source, Deno would ask for its own new versions.
    DENO_NO_UPDATE_CHECK: "1",
    // Node.js obeys the variables for proxies only then.
    NODE_USE_ENV_PROXY: "1",
  });
}

/** Reports whether somebody waits for what this process, a courier, delivers. */
export function isUrgentCourier(env: Environment): boolean {
  return env(courierMarker) === urgent;
}

/** Returns the words that start this same program as the courier. */
export function ownCourier(): CourierCommand {
  return [...runtime.programCommand(), courierSubcommand];
}

/**
 * Returns the words that start a courier for a program that uses the library: its runtime, with a module of this
 * source, under whatever ending that is published.
 *
 * @returns `undefined` in a standalone or bundled program, which has no modules left.
 */
export function libraryCourier(): CourierCommand {
  // In a bundle it is the bundle's, and missing in one of CommonJS.
  return courierBeside(import.meta.url);
}

/** Returns the words that start the courier's module beside this one; `undefined` if there is none. */
export function courierBeside(url: string | undefined): CourierCommand {
  const ending = url?.slice(url.lastIndexOf("."));
  if (!url?.endsWith(`/delivery/courier_start${ending}`)) return undefined;
  return runtime.moduleCommand(new URL(`courier_entry${ending}`, url).href);
}
