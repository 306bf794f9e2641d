/**
 * Which profile claims a command line.
 *
 * @module
 */

import { baseName, type Candidate, type Profile } from "./profile.ts";

/** A profile and the words of the command line that it left over. */
export interface ProfileMatch {
  /** The profile that claims the command line. */
  readonly profile: Profile;
  /** The words behind those that the profile claims. */
  readonly args: readonly string[];
  /** Where the profile is from: `built in`, or a file's path. */
  readonly source: string;
  /** What its author should change, although it works. */
  readonly advice?: string;
}

/** The profile that claims a command line, or the reason why that cannot be said. */
export type Claim =
  | { readonly kind: "match"; readonly match: ProfileMatch }
  | { readonly kind: "problem"; readonly problem: string }
  | { readonly kind: "none" };

/**
 * Finds the profile that claims a command line. The longest claim wins: `kubectl gs login` belongs to
 * `kubectl gs` before it belongs to `kubectl`.
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
  const [first, second] = preferOrganisations(claiming);
  if (!first) return { kind: "none" };
  if (second) return { kind: "problem", problem: describeConflict(first, second, words.slice(0, longest)) };
  if (first.problem !== undefined) return { kind: "problem", problem: first.problem };
  return loadMatch(first, words.slice(longest));
}

/** What an organisation sets up for everyone on a machine comes before what a user has. */
export function preferOrganisations(candidates: readonly Candidate[]): readonly Candidate[] {
  const preferred = candidates.filter(({ isOrganisations }) => isOrganisations);
  return preferred.length > 0 ? preferred : candidates;
}

function loadMatch(candidate: Candidate, args: readonly string[]): Claim {
  try {
    return { kind: "match", match: matchOf(candidate, args) };
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
  const { source, advice } = candidate;
  return { profile: candidate.load(args), args, source, advice };
}
