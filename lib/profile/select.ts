/**
 * Chooses the profile of a command line: the one that was asked for, or the one that claims it.
 *
 * @module
 */

import type { Environment } from "../consent/consent.ts";
import { findOption, type Options } from "../run/options.ts";
import {
  baseName,
  builtInCandidates,
  type Candidate,
  type Claim,
  claimCommand,
  wholeCandidate,
} from "./profile.ts";
import { folderCandidates, listProfileFiles } from "./folder.ts";
import type { Source } from "../run/source.ts";
import { system } from "../system/mod.ts";
import { UsageError } from "../usage_error.ts";

// As many as Linux follows in one path.
const linkLimit = 40;

/** A command line and the file that it executes; nothing where there is no such command. */
export interface Call {
  readonly command: readonly string[];
  readonly executable: string | undefined;
}

/** The profile of a command line, and who has asked for it if somebody has. */
export type Choice = Claim & { readonly askedBy?: Source };

/**
 * Chooses the profile of a command line. A broken profile in the user's folder is a problem of the
 * commands that it claims; while it cannot be read what those are, of all that nobody else claims,
 * since any of them may have been opted out by a variable that only the profile names.
 *
 * @throws {UsageError} On a wrong profile that was asked for by name or file.
 */
export async function chooseProfile(
  options: Options,
  { command, executable }: Call,
  env: Environment,
): Promise<Choice> {
  const wanted = findOption("profile", options, env);
  if (wanted !== undefined) {
    return { ...claimAnyway(await findCandidate(wanted.value, env), command), askedBy: wanted.source };
  }
  const candidates = [...builtInCandidates(), ...await folderCandidates(env)];
  const claim = claimByNames(candidates, command, executable);
  if (claim.kind !== "none") return claim;
  const unreadable = candidates.find(({ match }) => match === undefined);
  return unreadable?.problem === undefined
    ? { kind: "none" }
    : { kind: "problem", problem: unreadable.problem };
}

/** A profile that was asked for holds for the command whether or not it claims it. */
function claimAnyway(candidate: Candidate, command: readonly string[]): Claim {
  const claim = claimCommand([candidate], command);
  if (claim.kind !== "none") return claim;
  const args = command.slice(1);
  return { kind: "match", match: { profile: candidate.load(args), args, source: candidate.source } };
}

async function findCandidate(wanted: string, env: Environment): Promise<Candidate> {
  if (/[/\\]|\.json$/.test(wanted)) {
    const { readProfile } = await import("./file.ts");
    return wholeCandidate(readProfile(wanted), wanted);
  }
  const candidates = await allCandidates(env);
  const [found, other] = candidates.filter(({ name }) => name === wanted);
  if (!found) throw new UsageError(describeUnknown(wanted, candidates));
  if (other) {
    throw new UsageError(
      `there are two profiles '${wanted}': ${found.source} and ${other.source}; give the file`,
    );
  }
  return wholeCandidate(found.load([]), found.source);
}

function describeUnknown(wanted: string, candidates: readonly Candidate[]): string {
  const names = candidates.map(({ name }) => name).join(", ");
  return `unknown profile '${wanted}'; known are ${names}, and files by a path or with .json`;
}

/** All profiles as a whole, from their files; one that is broken says so. */
export async function allCandidates(env: Environment): Promise<readonly Candidate[]> {
  const { readCandidates } = await import("./file.ts");
  const files = listProfileFiles(env);
  return [...builtInCandidates(), ...(files ? readCandidates(files) : [])];
}

/** Asks who claims the name that the command was called by, then those that its symbolic links lead to. */
function claimByNames(
  candidates: readonly Candidate[],
  [called, ...args]: readonly string[],
  executable: string | undefined,
): Claim {
  const claim = claimCommand(candidates, [called, ...args]);
  if (claim.kind !== "none") return claim;
  let path = executable;
  for (let count = 0; count < linkLimit; count++) {
    path = path && followLink(path);
    if (path === undefined) break;
    const other = claimCommand(candidates, [baseName(path), ...args]);
    if (other.kind !== "none") return other;
  }
  return claim;
}

/** Gives the file that a symbolic link leads to; nothing where the file is none. */
function followLink(path: string): string | undefined {
  const target = system.files.linkTarget(path);
  if (target === undefined || /^([/\\]|[A-Za-z]:)/.test(target)) return target;
  return path.slice(0, path.length - fileName(path).length) + target;
}

function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
