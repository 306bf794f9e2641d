/**
 * `enable` and `disable`: keeps the user's choice, and says in one line what holds now.
 *
 * @module
 */

import { readOrganisation } from "../consent/organisation.ts";
import { refusingVariables } from "../consent/consent.ts";
import type { Choice } from "../consent/settings.ts";
import { keepChoice } from "../library/consent.ts";
import type { Profile } from "../profile/profile.ts";
import { allCandidates } from "../profile/select.ts";
import { surveyProfiles } from "../profile/survey.ts";
import { runtime } from "../runtime/mod.ts";
import { findExecutable } from "../system/executable.ts";

const { env } = runtime;

/**
 * Keeps the user's choice and says so.
 *
 * @throws {Error} If the choice cannot be kept.
 */
export async function choose(choice: Choice): Promise<number> {
  const { isNew, deleted } = keepChoice(choice);
  const exceptions = choice === "on" ? await describeExceptions() : "";
  const change = isNew ? `is switched ${choice}` : `was ${choice} already`;
  runtime.write(1, `Telemetry ${change}${exceptions}${describeCount(deleted)}.\n`);
  if (choice === "off") { for (const line of await describeOwnTelemetry()) runtime.write(1, `${line}\n`); }
  return 0;
}

/**
 * Tells which tools go on sending: those with telemetry of their own, which a run had switched off so that one
 * execution is counted once.
 */
async function describeOwnTelemetry(): Promise<string[]> {
  const candidates = (await allCandidates(env)).filter(({ problem }) => problem === undefined);
  const lines = candidates.map(({ load }) => load([])).flatMap((profile) => {
    const { displayName, optOutVariable = "", environment = {} } = profile;
    if (!environment[optOutVariable] || env(optOutVariable) || !isInstalled(profile)) return [];
    return [`${displayName} has telemetry of its own, which is on: ${optOutVariable}=1 switches off both.`];
  });
  return [...new Set(lines)];
}

/** A plugin such as `kubectl gs` is an executable of its own, `kubectl-gs`. */
function isInstalled({ match }: Profile): boolean {
  return match.some((words) => findExecutable(words.join("-"), env) !== undefined);
}

function describeCount(deleted: number): string {
  if (deleted === 0) return "";
  return deleted === 1 ? "; a signal that waited is deleted" : `; ${deleted} signals that waited are deleted`;
}

/** Names what switches telemetry off all the same. */
async function describeExceptions(): Promise<string> {
  const variables = refusingVariables(env);
  if (variables.length > 0) {
    return `, but ${variables.join(" and ")} still ${variables.length > 1 ? "switch" : "switches"} it off`;
  }
  const { choice, file } = readOrganisation();
  if (choice === "off") return `, but ${file} still switches it off for everyone on this machine`;
  const profiles = (await surveyProfiles(env)).filter(({ optedOutBy }) => optedOutBy !== null);
  const exceptions = profiles.map(({ name, optedOutBy }) =>
    `${optedOutBy} still switches it off for ${name}`
  );
  return exceptions.length > 0 ? `, but ${exceptions.join(" and ")}` : "";
}
