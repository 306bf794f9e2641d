/**
 * `enable` and `disable`: keeps the user's choice, and says in one line what holds now.
 *
 * @module
 */

import { readOrganisation } from "../consent/organisation.ts";
import { refusingVariables } from "../consent/consent.ts";
import type { Choice } from "../consent/settings.ts";
import { keepChoice } from "../library/consent.ts";
import { surveyProfiles } from "../profile/survey.ts";
import { runtime } from "../runtime/mod.ts";

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
  return 0;
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
