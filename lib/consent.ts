/**
 * Whether telemetry is allowed, and what decides it.
 *
 * @module
 */

/** Whether something may be recorded and sent; a refusal names the variable that it rests on. */
export type Consent = { readonly given: true } | { readonly given: false; readonly decidedBy: string };

/** Reads an environment variable. */
export type Environment = (name: string) => string | undefined;

// Any value opts out, `0` and `false` included, as in kubectl-gs.
const optOutVariables = ["GS_TELEMETRY_OPTOUT", "KUBECTL_GS_TELEMETRY_OPTOUT"];

/**
 * Names the opt-out variable that a run has set for its command, whose own telemetry would otherwise count
 * the same execution again. That variable is not the user's word then.
 */
export const countedMarker = "GS_TELEMETRY_COUNTED";

/**
 * Asks the environment for consent.
 *
 * @param ownVariable The opt-out variable of the tool's profile.
 */
export function askConsent(env: Environment, ownVariable?: string): Consent {
  const variables = ownVariable === undefined ? optOutVariables : [...optOutVariables, ownVariable];
  const optOut = variables.find((name) => env(name) && name !== env(countedMarker));
  if (optOut) return { given: false, decidedBy: optOut };
  return asksNotToTrack(env) ? { given: false, decidedBy: "DO_NOT_TRACK" } : { given: true };
}

/** Reads `DO_NOT_TRACK` as https://donottrack.sh describes it. */
function asksNotToTrack(env: Environment): boolean {
  const value = env("DO_NOT_TRACK")?.toLowerCase() ?? "";
  return !["", "0", "false"].includes(value);
}
