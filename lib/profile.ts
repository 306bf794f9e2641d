/**
 * Profiles: what is known about a wrapped tool. Only a word that a profile lists as a command gets
 * into a signal.
 *
 * @module
 */

import kubectlGs from "./profiles/kubectl-gs.json" with { type: "json" };
import type { CommandTree } from "./name.ts";

/** What is known about a wrapped tool, as it stands in a profile's JSON. */
export interface Profile {
  /** What `--profile` calls it. */
  readonly name: string;
  /** What a signal calls the tool. */
  readonly displayName: string;
  /** The first words of the command lines that it claims; the first is an executable's base name. */
  readonly match: readonly (readonly string[])[];
  /** The TelemetryDeck app, a UUID; without one nothing is sent unless the caller names an app. */
  readonly appID?: string;
  /** The type of the tool's signals. */
  readonly signalType?: string;
  /** The variable that opts out of this tool's telemetry when it has any value. */
  readonly optOut?: string;
  /** The variable that marks signals as tests when it is `1`. */
  readonly testMode?: string;
  /** The arguments that make the tool print its version. */
  readonly versionCall?: readonly string[];
  /** Variables that are set for the command. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The tool's commands and flags. */
  readonly root: CommandTree;
}

/** The profiles that come with the program. */
export const builtInProfiles: readonly Profile[] = [kubectlGs];

/** A profile and the words of the command line that it left over. */
export interface ProfileMatch {
  /** The profile that claims the command line. */
  readonly profile: Profile;
  /** The words behind those that the profile claims. */
  readonly args: readonly string[];
}

/** Finds the profile that claims a command line. */
export function matchProfile(
  profiles: readonly Profile[],
  command: readonly string[],
): ProfileMatch | undefined {
  const words = [baseName(command[0]), ...command.slice(1)];
  for (const profile of profiles) {
    const claimed = profile.match.find((claim) => claim.every((word, index) => word === words[index]));
    if (claimed) return { profile, args: words.slice(claimed.length) };
  }
  return undefined;
}

/** The executable's name without its folder and without Windows' ending. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1).replace(/\.exe$/i, "");
}
