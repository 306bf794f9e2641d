/**
 * Whether a profile still fits its tool, by what earlier runs have left behind. Asks no tool and changes nothing.
 *
 * @module
 */

import { brand } from "../brand.ts";
import type { StateDirectory } from "../directories/state_directory.ts";
import type { Environment } from "../runtime/runtime.ts";
import { system } from "../system/mod.ts";
import type { Candidate, Profile } from "./profile.ts";
import { knownVersion } from "./tool_version.ts";
import { versionCall } from "./version_call.ts";

/** Says why a profile may no longer fit, and what to do. */
export async function findMisfit(
  candidate: Candidate,
  profile: Profile,
  state: StateDirectory,
  env: Environment,
): Promise<string | undefined> {
  const reason = await describeNewer(profile, state, env) ?? describeUnlisted(profile, state);
  if (reason === undefined) return undefined;
  const [words] = profile.match;
  return candidate.origin === "user"
    ? `${reason}; if ${brand.name} can learn it: ${brand.name} learn --save -- ${words.join(" ")}`
    : `${reason}; a newer ${brand.name} may have them`;
}

async function describeNewer(
  { learnedFrom, match: [words], ...rest }: Profile,
  state: StateDirectory,
  env: Environment,
): Promise<string | undefined> {
  const [program, ...more] = words;
  const call = learnedFrom && versionCall({ ...rest, match: [words] }, [program, ...more], env);
  const version = call && await knownVersion(state, call);
  return version && isNewer(version, learnedFrom)
    ? `the tool is of version ${version}, the profile of ${learnedFrom}, so commands may be missing`
    : undefined;
}

function describeUnlisted({ name, displayName, root }: Profile, state: StateDirectory): string | undefined {
  const isTold = root.commands !== undefined && root.commands.length > 0;
  return isTold && system.files.exists(state.unlisted(name))
    ? `some commands count as ${displayName} alone, since the profile does not list them`
    : undefined;
}

/** Compares the numbers of two versions, such as `1.10.0` and `v1.9`. */
export function isNewer(version: string, other: string): boolean {
  const [one, two] = [version, other].map((text) => (text.match(/\d+/g) ?? []).map(Number));
  const difference = one.findIndex((number, index) => number !== (two[index] ?? 0));
  return difference >= 0 && one[difference] > (two[difference] ?? 0);
}
