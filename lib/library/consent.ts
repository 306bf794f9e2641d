/**
 * The user's choice, to read and to keep.
 *
 * @module
 */

import { askConsent, type Consent } from "../consent/consent.ts";
import { skipNotice } from "../consent/notice.ts";
import { type Choice, readSetting, writeSetting } from "../consent/settings.ts";
import { clearQueue } from "../delivery/queue.ts";
import { listQueue } from "../delivery/queue_reader.ts";
import { findConfigDirectory } from "../directories/config_directory.ts";
import { findStateDirectory, type StateDirectory } from "../directories/state_directory.ts";
import { runtime } from "../runtime/mod.ts";

const insteadOfDisable = "to opt out all the same, set GS_TELEMETRY_OPTOUT=1";

/** What has changed by a choice. */
export interface KeptChoice {
  /** False if the same was chosen before. */
  readonly isNew: boolean;
  /** How many waiting signals were deleted. */
  readonly deleted: number;
}

/**
 * Reads whether telemetry is on for this user, and what decides it.
 *
 * @param ownVariable A tool's own variable that opts out if it has any value.
 * @example
 * ```ts
 * import { readConsent } from "@giantswarm/gs-telemetry";
 *
 * const consent = readConsent("ACME_TELEMETRY_OPTOUT");
 * console.log(consent.given ? "on" : `off, by ${consent.decidedBy}`);
 * ```
 */
export function readConsent(ownVariable?: string): Consent {
  return askConsent(runtime.env, ownVariable);
}

/**
 * Opts this user out of the telemetry of all tools that use gs-telemetry, for good, and deletes what waits.
 *
 * @throws {Error} If the choice cannot be kept. The message says what to do instead.
 * @example
 * ```ts
 * import { optOut } from "@giantswarm/gs-telemetry";
 *
 * const { deleted } = optOut();
 * console.log(`Telemetry is off. Signals deleted: ${deleted}`);
 * ```
 */
export function optOut(): KeptChoice {
  return keepChoice("off");
}

/**
 * Opts this user in, from now on. A variable that opts out still does.
 *
 * @throws {Error} If the choice cannot be kept.
 */
export function optIn(): KeptChoice {
  return keepChoice("on");
}

/**
 * Keeps the user's choice. What waits is deleted when telemetry goes off, and again when it comes back: consent
 * is never retroactive.
 *
 * @throws {Error} If the choice cannot be kept.
 */
export function keepChoice(choice: Choice): KeptChoice {
  const { env } = runtime;
  const before = readSetting(env);
  const isNew = before.choice !== choice || before.fault !== undefined;
  write(choice, isNew);
  const state = findStateDirectory(env);
  const wasOrIsOff = choice === "off" || before.choice === "off";
  const deleted = state && wasOrIsOff ? emptyQueue(state) : 0;
  if (state && choice === "on") skipNotice(state);
  return { isNew, deleted };
}

function write(choice: Choice, isNew: boolean): void {
  const directory = findConfigDirectory(runtime.env);
  if (directory === undefined) throw refuse(choice, "there is no home to keep the choice in");
  if (!isNew) return;
  const written = writeSetting(directory, choice);
  if (!written.done) throw refuse(choice, `cannot write ${directory.settings}: ${written.reason}`);
}

function emptyQueue(state: StateDirectory): number {
  const { length } = listQueue(state);
  const cleared = clearQueue(state);
  if (cleared.done) return length;
  throw new Error(`the choice is kept, but ${state.path} cannot be emptied: ${cleared.reason}`);
}

function refuse(choice: Choice, reason: string): Error {
  return new Error(choice === "off" ? `${reason}; ${insteadOfDisable}` : reason);
}
