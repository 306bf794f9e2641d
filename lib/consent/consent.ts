/**
 * Whether telemetry is allowed, and what decides it: a variable that opts out, the organisation's settings if they
 * say off, or else the user's.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import { type Environment, isSwitchedOn } from "../runtime/runtime.ts";
import { readOrganisation } from "./organisation.ts";
import { readSetting } from "./settings.ts";

/** Whether anything may be recorded and sent. */
export type Consent =
  /** Decided by the user's or else the organisation's settings file, if one says so. */
  | { readonly given: true; readonly decidedBy?: string }
  | Refusal;

/** A user's, an organisation's or an environment's no. */
export interface Refusal {
  /** Nothing may be recorded or sent. */
  readonly given: false;
  /** A variable's name, or the path of a settings file. */
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
 * Asks the environment, the organisation's settings and then the user's for consent. What may not be read counts as a refusal.
 *
 * @param ownVariable A tool's own variable that opts out if it has any value.
 */
export function askConsent(env: Environment, ownVariable?: string): Consent {
  for (const name of [...optOutVariables, doNotTrack]) {
    if (!runtime.mayReadVariable(name)) return { given: false, decidedBy: name, fault: "may not be read" };
  }
  const [variable] = refusingVariables(env);
  if (variable !== undefined) return { given: false, decidedBy: variable };
  const organisation = readOrganisation();
  if (organisation.choice === "off") return refusalBy(organisation);
  const setting = readSetting(env);
  if (setting.choice === "off") return refusalBy(setting);
  const [own] = ownVariable === undefined ? [] : refusingVariables(env, ownVariable);
  if (own !== undefined) return { given: false, decidedBy: own };
  if (setting.choice === "on") return { given: true, decidedBy: setting.file };
  return organisation.choice === "on" ? { given: true, decidedBy: organisation.file } : { given: true };
}

function refusalBy({ file, fault }: { readonly file: string; readonly fault?: string }): Refusal {
  return { given: false, decidedBy: file, ...(fault === undefined ? {} : { fault }) };
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
  return isSwitchedOn(env(doNotTrack));
}
