/**
 * Selects the profile of a command line: the one that was asked for, or the one that claims it.
 *
 * @module
 */

import type { Environment } from "../runtime/runtime.ts";
import { linkChain } from "../system/link_chain.ts";
import { UsageError } from "../usage_error.ts";
import { builtInCandidates } from "./built_in/mod.ts";
import { type Claim, claimCommand, matchOf, type ProfileMatch, strongest } from "./claim.ts";
import { folderCandidates, listProfileFiles, markOrganisations } from "./folder.ts";
import { baseName, type Candidate, isStronger, wholeCandidate } from "./profile.ts";

/**
 * Selects the profile that claims a command line. A broken profile in the user's directory is a problem of the
 * commands that it claims. While it cannot be read what those are, it is a problem of all that nobody else
 * claims: any of them may have been opted out by a variable that only the profile names. It is also one of the
 * commands that a weaker profile of its name claims, in whose place it was to be.
 *
 * @param executable The file that the command executes, if there is one.
 */
export async function selectProfile(
  command: readonly string[],
  executable: string | undefined,
  env: Environment,
): Promise<Claim> {
  const candidates = [...builtInCandidates, ...await folderCandidates(env)];
  const claim = claimByNames(candidates, command, executable);
  const unreadable = candidates.filter(({ match }) => match === undefined);
  const obstacle = claim.kind === "match"
    ? unreadable.find((candidate) => isMeantInsteadOf(candidate, claim.match))
    : unreadable[0];
  return claim.kind === "problem" || obstacle?.problem === undefined
    ? claim
    : { kind: "problem", problem: obstacle.problem };
}

function isMeantInsteadOf(unreadable: Candidate, match: ProfileMatch): boolean {
  return unreadable.name === match.profile.name && isStronger(unreadable, match);
}

/**
 * Finds the profile that was asked for. It holds for the command whether or not it claims it.
 *
 * @param wanted A name, or a file: by a path or with `.json`.
 * @throws {UsageError} If there is no such profile, or more than one, or it is wrong.
 */
export async function profileAskedFor(
  wanted: string,
  command: readonly string[],
  env: Environment,
): Promise<Claim> {
  const candidate = await findCandidate(wanted, env);
  const claim = claimCommand([candidate], command);
  return claim.kind === "none" ? { kind: "match", match: matchOf(candidate, command.slice(1)) } : claim;
}

async function findCandidate(wanted: string, env: Environment): Promise<Candidate> {
  if (/[/\\]|\.json$/.test(wanted)) {
    const { readProfile } = await import("./file.ts");
    return readProfile(wanted);
  }
  const candidates = await allCandidates(env);
  const [found, other] = strongest(candidates.filter(({ name }) => name === wanted));
  if (!found) throw new UsageError(describeUnknown(wanted, candidates));
  if (other) {
    throw new UsageError(
      `there are two profiles '${wanted}': ${found.source} and ${other.source}; give the file`,
    );
  }
  return wholeCandidate(found.load([]), found.source, found.origin);
}

function describeUnknown(wanted: string, candidates: readonly Candidate[]): string {
  const names = candidates.map(({ name }) => name).join(", ");
  return `unknown profile '${wanted}'; known are ${names}, and files by a path or with .json`;
}

/** Returns all profiles as a whole, from their files. A broken one says so. */
export async function allCandidates(env: Environment): Promise<readonly Candidate[]> {
  const { readCandidates } = await import("./file.ts");
  return [...builtInCandidates, ...markOrganisations(readCandidates(listProfileFiles(env).paths))];
}

/** Asks who claims the name that the command was called by, then those that its symbolic links lead to. */
function claimByNames(
  candidates: readonly Candidate[],
  [called, ...args]: readonly string[],
  executable: string | undefined,
): Claim {
  const claim = claimCommand(candidates, [called, ...args]);
  if (claim.kind !== "none") return claim;
  for (const path of executable === undefined ? [] : linkChain(executable)) {
    const other = claimCommand(candidates, [baseName(path), ...args]);
    if (other.kind !== "none") return other;
  }
  return claim;
}
