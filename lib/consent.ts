/**
 * Whether telemetry is allowed, and what decides it: a variable that opts out, or else the settings file.
 *
 * @module
 */

import { readSetting } from "./settings.ts";

/** Whether something may be recorded and sent. */
export type Consent =
  /** By the settings file, if that says so. */
  | { readonly given: true; readonly decidedBy?: string }
  | {
    readonly given: false;
    /** A variable's name, or the path of the settings file. */
    readonly decidedBy: string;
    /** What is wrong with that file, where it counts as a refusal for that reason. */
    readonly fault?: string;
  };

/** Reads an environment variable. */
export type Environment = (name: string) => string | undefined;

// Any value opts out, `0` and `false` included, as in kubectl-gs.
const optOutVariables = ["GS_TELEMETRY_OPTOUT", "KUBECTL_GS_TELEMETRY_OPTOUT"];

/**
 * Names the opt-out variable that a run has set for its command, whose own telemetry would otherwise count
 * the same execution again. That variable is not the user's word then.
 */
export const countedMarker = "GS_TELEMETRY_COUNTED";

/** Asks the environment and then the settings file for consent. */
export function askConsent(env: Environment): Consent {
  const [variable] = refusingVariables(env);
  if (variable !== undefined) return { given: false, decidedBy: variable };
  const setting = readSetting(env);
  if (setting.choice === "none") return { given: true };
  const { choice, file: decidedBy, fault } = setting;
  if (choice === "on") return { given: true, decidedBy };
  return fault === undefined ? { given: false, decidedBy } : { given: false, decidedBy, fault };
}

/**
 * Lists the variables that opt out.
 *
 * @param ownVariable The opt-out variable of a tool's profile.
 */
export function refusingVariables(env: Environment, ownVariable?: string): string[] {
  const variables = ownVariable === undefined ? optOutVariables : [...optOutVariables, ownVariable];
  const refusing = variables.filter((name) => env(name) && name !== env(countedMarker));
  return asksNotToTrack(env) ? [...refusing, "DO_NOT_TRACK"] : refusing;
}

/** Says what a refusal rests on. */
export function describeRefusal({ decidedBy, fault }: Consent & { given: false }): string {
  return fault === undefined ? decidedBy : `${decidedBy}, which ${fault}`;
}

/** Reads `DO_NOT_TRACK` as https://donottrack.sh describes it. */
function asksNotToTrack(env: Environment): boolean {
  const value = env("DO_NOT_TRACK")?.toLowerCase() ?? "";
  return !["", "0", "false"].includes(value);
}
