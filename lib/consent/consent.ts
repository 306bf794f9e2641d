/**
 * Whether telemetry is allowed, and what decides it: a variable that opts out, or else the settings file.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import { readSetting } from "./settings.ts";

/** Whether something may be recorded and sent. */
export type Consent =
  /** By the settings file, if that says so. */
  | { readonly given: true; readonly decidedBy?: string }
  | {
    readonly given: false;
    /** A variable's name, or the path of the settings file. */
    readonly decidedBy: string;
    /** What is wrong with that, where it counts as a refusal for that reason. */
    readonly fault?: string;
  };

/** Reads an environment variable. */
export type Environment = (name: string) => string | undefined;

// Any value opts out, `0` and `false` included, as in kubectl-gs.
const optOutVariables = ["GS_TELEMETRY_OPTOUT", "KUBECTL_GS_TELEMETRY_OPTOUT"];
const doNotTrack = "DO_NOT_TRACK";

/**
 * Names the opt-out variable that a run has set for its command, whose own telemetry would otherwise count
 * the same execution again. That variable is not the user's word then.
 */
export const countedMarker = "GS_TELEMETRY_COUNTED";

/** Asks the environment and then the settings file for consent. What may not be read counts as a refusal. */
export function askConsent(env: Environment): Consent {
  for (const name of [...optOutVariables, doNotTrack]) {
    if (runtime.hides(name)) return { given: false, decidedBy: name, fault: "may not be read" };
  }
  const [variable] = refusingVariables(env);
  if (variable !== undefined) return { given: false, decidedBy: variable };
  const setting = readSetting(env);
  if (setting.choice === "none") return { given: true };
  const { choice, file: decidedBy, fault } = setting;
  if (choice === "on") return { given: true, decidedBy };
  return fault === undefined ? { given: false, decidedBy } : { given: false, decidedBy, fault };
}

/**
 * Reads whether telemetry is on for this user, and what decides it.
 *
 * @param ownVariable A variable of a tool's own that opts out when it has any value.
 * @example
 * ```ts
 * import { readConsent } from "@giantswarm/gs-telemetry";
 *
 * const consent = readConsent("ACME_TELEMETRY_OPTOUT");
 * console.log(consent.given ? "on" : `off, by ${consent.decidedBy}`);
 * ```
 */
export function readConsent(ownVariable?: string): Consent {
  const consent = askConsent(runtime.env);
  const [variable] = consent.given ? refusingVariables(runtime.env, ownVariable) : [];
  return variable === undefined ? consent : { given: false, decidedBy: variable };
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
    if (runtime.hides(name) || (env(name) && name !== env(countedMarker))) refusing.push(name);
  }
  if (asksNotToTrack(env)) refusing.push(doNotTrack);
  return refusing;
}

/** Says what a refusal rests on. */
export function describeRefusal({ decidedBy, fault }: Consent & { given: false }): string {
  return fault === undefined ? decidedBy : `${decidedBy}, which ${fault}`;
}

/** Reads `DO_NOT_TRACK`: https://donottrack.sh knows `1` alone, but who sets another value means it too. */
function asksNotToTrack(env: Environment): boolean {
  const value = env(doNotTrack)?.toLowerCase() ?? "";
  return !["", "0", "false"].includes(value);
}
