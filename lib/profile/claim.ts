/**
 * Which profile claims a command line.
 *
 * @module
 */

import { baseName, type Candidate, isStronger, type Origin, type Profile } from "./profile.ts";

/** A profile and the words of the command line that it left over. */
export interface ProfileMatch {
  /** The profile that claims the command line. */
  readonly profile: Profile;
  /** The words behind those that the profile claims. */
  readonly args: readonly string[];
  /** Where the profile is from: `built in`, or a file's path. */
  readonly source: string;
  readonly origin: Origin;
  /** What its author should change, although it works. */
  readonly advice?: string;
  /** The profiles of a weaker origin that claim the same words. */
  readonly replaced?: readonly Replaced[];
}

/** A profile in whose place another one holds. */
export type Replaced = Pick<Candidate, "name" | "source">;

/** The profile that claims a command line, or the reason why that cannot be said. */
export type Claim =
  | { readonly kind: "match"; readonly match: ProfileMatch }
  | { readonly kind: "problem"; readonly problem: string }
  | { readonly kind: "none" };

/**
 * Finds the profile that claims a command line. The longest claim wins: `kubectl gs login` belongs to
 * `kubectl gs` before it belongs to `kubectl`. Of those that claim the same, that of the strongest origin wins.
 */
export function claimCommand(candidates: readonly Candidate[], command: readonly string[]): Claim {
  const words = [baseName(command[0]), ...command.slice(1)];
  const { claiming, length } = longestClaims(candidates, words);
  const [first, second] = strongest(claiming);
  if (!first) return { kind: "none" };
  if (second) return { kind: "problem", problem: describeConflict(first, second, words.slice(0, length)) };
  if (first.problem !== undefined) return { kind: "problem", problem: first.problem };
  return loadMatch(first, words.slice(length), claiming.filter((candidate) => candidate !== first));
}

/** The profiles that claim the most of a command line's first words, and how many words that is. */
interface LongestClaims {
  readonly claiming: readonly Candidate[];
  readonly length: number;
}

function longestClaims(candidates: readonly Candidate[], words: readonly string[]): LongestClaims {
  let longest = 0;
  let claiming: Candidate[] = [];
  for (const candidate of candidates) {
    const length = claimedLength(candidate, words);
    if (length === 0 || length < longest) continue;
    claiming = length > longest ? [candidate] : [...claiming, candidate];
    longest = length;
  }
  return { claiming, length: longest };
}

/** What becomes of the words that a profile claims, beside those that claim them too. */
export interface Standing {
  /** What keeps the profile from being used, if another of the same origin claims the same. */
  readonly conflict?: string;
  /** The profile of a stronger origin in its place, and the claims that it has taken. */
  readonly replacedBy?: { readonly source: string; readonly claims: readonly string[] };
}

/** Tells how a profile stands among all profiles, itself included. */
export function standingOf(candidate: Candidate, all: readonly Candidate[]): Standing {
  const taken: { readonly source: string; readonly claim: string }[] = [];
  for (const words of candidate.match ?? []) {
    const best = strongest(longestClaims(all, words).claiming);
    const [first, second] = best;
    if (!best.includes(candidate)) taken.push({ source: first.source, claim: words.join(" ") });
    else if (second) return { conflict: describeConflict(first, second, words) };
  }
  if (taken.length === 0) return {};
  return { replacedBy: { source: taken[0].source, claims: taken.map(({ claim }) => claim) } };
}

/** Returns those of the strongest origin. */
export function strongest(candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter((one) => !candidates.some((other) => isStronger(other, one)));
}

function loadMatch(candidate: Candidate, args: readonly string[], replaced: readonly Replaced[]): Claim {
  try {
    return { kind: "match", match: { ...matchOf(candidate, args), replaced } };
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

/**
 * Makes the match of a profile that claims all words before the arguments.
 *
 * @throws {Error} If the profile cannot be read.
 */
export function matchOf(candidate: Candidate, args: readonly string[]): ProfileMatch {
  const { source, origin, advice } = candidate;
  return { profile: candidate.load(args), args, source, origin, advice };
}
