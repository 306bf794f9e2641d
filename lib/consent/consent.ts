/**
 * Whether telemetry is allowed, and what decides it: a variable that opts out, or else the settings file.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import type { Environment } from "../runtime/runtime.ts";
import { readSetting } from "./settings.ts";

/** Whether anything may be recorded and sent. */
export type Consent =
  /** Decided by the settings file, if that says so. */
  | { readonly given: true; readonly decidedBy?: string }
  | Refusal;

/** A user's or an environment's no. */
export interface Refusal {
  readonly given: false;
  /** A variable's name, or the path of the settings file. */
  readonly decidedBy: string;
  /** What is wrong with it, if it counts as a refusal for that reason. */
  readonly fault?: string;
}

// Any value opts out, `0` and `false` included, as in kubectl-gs.
const optOutVariables = ["GS_TELEMETRY_OPTOUT", "KUBECTL_GS_TELEMETRY_OPTOUT"];
const doNotTrack = "DO_NOT_TRACK";

/**
 * Names the opt-out variable that a run has set for its command, whose own telemetry would otherwise count the
 * same execution again. That variable is not the user's word then.
 */
export const countedMarker = "GS_TELEMETRY_COUNTED";

/**
 * Asks the environment and then the settings file for consent. What may not be read counts as a refusal.
 *
 * @param ownVariable A tool's own variable that opts out if it has any value.
 */
export function askConsent(env: Environment, ownVariable?: string): Consent {
  for (const name of [...optOutVariables, doNotTrack]) {
    if (!runtime.mayReadVariable(name)) return { given: false, decidedBy: name, fault: "may not be read" };
  }
  const [variable] = refusingVariables(env);
  if (variable !== undefined) return { given: false, decidedBy: variable };
  const setting = readSetting(env);
  if (setting.choice === "off") {
    const { file: decidedBy, fault } = setting;
    return fault === undefined ? { given: false, decidedBy } : { given: false, decidedBy, fault };
  }
  const [own] = ownVariable === undefined ? [] : refusingVariables(env, ownVariable);
  if (own !== undefined) return { given: false, decidedBy: own };
  return setting.choice === "on" ? { given: true, decidedBy: setting.file } : { given: true };
}

/**
 * Lists the variables that opt out, or might, since they may not be read.
 *
 * @param ownVariable The opt-out variable of a tool's profile.
 */
export function refusingVariables(env: Environment, ownVariable?: string): string[] {
  const variables = ownVariable === undefined ? optOutVariables : [...optOutVariables, ownVariable];
  const refusing: string[] = [];
  for (const name of variables) {
    const isSet = env(name) && name !== env(countedMarker);
    if (isSet || !runtime.mayReadVariable(name)) refusing.push(name);
  }
  if (asksNotToTrack(env)) refusing.push(doNotTrack);
  return refusing;
}

/** Says what a refusal rests on. */
export function describeRefusal({ decidedBy, fault }: Refusal): string {
  return fault === undefined ? decidedBy : `${decidedBy}, which ${fault}`;
}

/** Reads `DO_NOT_TRACK`. https://donottrack.sh knows `1` alone, but who sets another value means it too. */
function asksNotToTrack(env: Environment): boolean {
  const value = env(doNotTrack)?.toLowerCase() ?? "";
  return !["", "0", "false"].includes(value);
}
