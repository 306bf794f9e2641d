/**
 * The tools whose profiles are known, so that a report can tell which of their commands nobody used.
 *
 * @module
 */

import { commandNames } from "../../library/profiles.ts";
import type { Profile } from "../../profile/profile.ts";
import { allCandidates } from "../../profile/select.ts";
import type { KnownTool } from "../../report/unused.ts";
import type { Environment } from "../../runtime/runtime.ts";

/** The tool that was asked for, by the first words of its commands, and those whose commands are known. */
export interface Tools {
  readonly chosen: string | undefined;
  readonly known: readonly KnownTool[];
}

/**
 * Finds the tools. One that is asked for and has no profile is known by its name alone.
 *
 * @param wanted A profile's name or file, or the first words of a tool's commands.
 * @throws {UsageError} If a profile's file is wrong.
 */
export async function findTools(wanted: string | undefined, env: Environment): Promise<Tools> {
  if (wanted !== undefined && /[/\\]|\.json$/.test(wanted)) {
    const { readProfile } = await import("../../profile/file.ts");
    const tool = describeProfile(readProfile(wanted).load([]));
    return { chosen: tool.tool, known: [tool] };
  }
  const candidates = (await allCandidates(env)).filter(({ problem }) => problem === undefined);
  const profiles = candidates.map(({ load }) => load([]));
  const asked = profiles.filter(({ name, displayName }) => wanted === name || wanted === displayName);
  const known = (wanted === undefined ? profiles : asked).map(describeProfile);
  return { chosen: wanted === undefined ? undefined : asked[0]?.displayName ?? wanted, known };
}

function describeProfile(profile: Profile): KnownTool {
  return { tool: profile.displayName, commands: commandNames(profile) };
}
