/**
 * Profiles from files, read and checked. Off the way of a run whose profile is built in or cached.
 *
 * @module
 */

import { type Candidate, type Profile, wholeCandidate } from "./profile.ts";
import type { ProfileFiles } from "./folder.ts";
import { checkProfile } from "./schema.ts";
import { UsageError } from "../usage_error.ts";

/**
 * Reads a profile from a file.
 *
 * @throws {UsageError} If it cannot be read, is no JSON or is not a profile.
 */
export function readProfile(path: string): Profile {
  return checkProfile(parse(read(path), path), path);
}

/** Reads the user's profiles. One that is broken says so, and claims what it would claim if that can be read. */
export function readCandidates({ folder, names }: ProfileFiles): Candidate[] {
  return names.map((name) => readCandidate(`${folder}/${name}`, name));
}

function readCandidate(path: string, fileName: string): Candidate {
  let value: unknown;
  try {
    value = parse(read(path), path);
    return wholeCandidate(checkProfile(value, path), path);
  } catch (error) {
    // One that is nested too deeply for the check is none of the program's own mistakes either.
    const problem = error instanceof UsageError ? error.message : `profile ${path}: ${error}`;
    return broken(problem, path, fileName, value);
  }
}

function broken(problem: string, path: string, fileName: string, value: unknown): Candidate {
  const { name, match } = (value ?? {}) as Partial<Profile>;
  return {
    name: typeof name === "string" ? name : fileName.replace(/\.json$/, ""),
    source: path,
    match: isMatch(match) ? match : undefined,
    problem,
    load: () => {
      throw new UsageError(problem);
    },
  };
}

function isMatch(match: unknown): match is Profile["match"] {
  const isText = (word: unknown) => typeof word === "string";
  return Array.isArray(match) && match.every((claim) => Array.isArray(claim) && claim.every(isText));
}

function read(path: string): string {
  try {
    return process.getBuiltinModule("node:fs").readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`profile ${path}: cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function parse(json: string, path: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new UsageError(`profile ${path}: is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
