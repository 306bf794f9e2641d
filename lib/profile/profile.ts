/**
 * Profiles: what is known about a wrapped tool. Only a word that a profile lists as a command gets
 * into a signal.
 *
 * @module
 */

import { kubectlGs } from "./built_in/kubectl_gs.ts";
import { brand } from "../brand.ts";
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
  /** `machine` where users are told apart by the machine ID and not as the reference does, see `machineIdentifier`. */
  readonly identity?: "machine";
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

/** A profile and the words of the command line that it left over. */
export interface ProfileMatch {
  /** The profile that claims the command line. */
  readonly profile: Profile;
  /** The words behind those that the profile claims. */
  readonly args: readonly string[];
  /** Where the profile is from: `built in`, or a file's path. */
  readonly source: string;
}

/** A profile that may claim a command line, and the way to the rest of it. */
export interface Candidate {
  /** What `--profile` calls it. */
  readonly name: string;
  /** Where it is from, for messages. */
  readonly source: string;
  /** The command lines that it claims; nothing where that could not be read. */
  readonly match: Profile["match"] | undefined;
  /** What is wrong with the profile, if something is. */
  readonly problem?: string;
  /** Gives the profile, with at least those commands that the arguments may call. */
  load(args: readonly string[]): Profile;
}

/** The profile that claims a command line, or the reason why that cannot be said. */
export type Claim =
  | { readonly kind: "match"; readonly match: ProfileMatch }
  | { readonly kind: "problem"; readonly problem: string }
  | { readonly kind: "none" };

/** Makes a candidate of a profile that is known as a whole. */
export function wholeCandidate(profile: Profile, source: string): Candidate {
  return { name: profile.name, source, match: profile.match, load: () => profile };
}

/** The profiles that come with the program. */
export function builtInCandidates(): Candidate[] {
  return [...brand.profiles, kubectlGs];
}

/**
 * Finds the profile that claims a command line. Of several claims the longest wins: `kubectl gs login`
 * is of `kubectl gs` before it is of `kubectl`.
 */
export function claimCommand(candidates: readonly Candidate[], command: readonly string[]): Claim {
  const words = [baseName(command[0]), ...command.slice(1)];
  let longest = 0;
  let claiming: Candidate[] = [];
  for (const candidate of candidates) {
    const length = claimedLength(candidate, words);
    if (length === 0 || length < longest) continue;
    claiming = length > longest ? [candidate] : [...claiming, candidate];
    longest = length;
  }
  const [first, second] = claiming;
  if (!first) return { kind: "none" };
  if (second) return { kind: "problem", problem: describeConflict(first, second, words.slice(0, longest)) };
  if (first.problem !== undefined) return { kind: "problem", problem: first.problem };
  return loadMatch(first, words.slice(longest));
}

function loadMatch(candidate: Candidate, args: readonly string[]): Claim {
  try {
    return { kind: "match", match: { profile: candidate.load(args), args, source: candidate.source } };
  } catch (error) {
    return { kind: "problem", problem: `profile ${candidate.source}: ${(error as Error).message}` };
  }
}

function claimedLength({ match = [] }: Candidate, words: readonly string[]): number {
  let longest = 0;
  for (const claim of match) {
    const isClaimed = claim.every((word, index) => word === words[index]);
    if (isClaimed && claim.length > longest) longest = claim.length;
  }
  return longest;
}

function describeConflict(first: Candidate, second: Candidate, words: readonly string[]): string {
  const names = [first, second].map(({ name, source }) => `${name} (${source})`);
  return `profiles ${names.join(" and ")} both claim '${words.join(" ")}'; choose one with --profile`;
}

/** Finds the profile that claims a command line among some that are known as a whole. */
export function matchProfile(
  profiles: readonly Profile[],
  command: readonly string[],
): ProfileMatch | undefined {
  const claim = claimCommand(profiles.map((profile) => wholeCandidate(profile, profile.name)), command);
  return claim.kind === "match" ? claim.match : undefined;
}

/** The executable's name without its folder and without Windows' ending. */
export function baseName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return name.toLowerCase().endsWith(".exe") ? name.slice(0, -".exe".length) : name;
}
