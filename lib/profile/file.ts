/**
 * Profiles from files, read and checked. A run loads this only if its profile is neither built in nor cached.
 *
 * @module
 */

import { UsageError } from "../usage_error.ts";
import { type Candidate, type Profile, wholeCandidate } from "./profile.ts";
import { checkProfile, renamedKeys } from "./schema.ts";

// A tool of thousands of commands has a profile of a tenth of this.
const mostBytes = 16 * 1024 * 1024;

/**
 * Reads a profile from a file.
 *
 * @throws {UsageError} If it cannot be read, is not JSON or is not a profile.
 */
export function readProfile(path: string): Candidate {
  return candidateOf(readProfileValue(path), path);
}

/** Reads the user's profiles. A broken one says so, and claims what it would claim if that can be read. */
export function readCandidates(paths: readonly string[]): Candidate[] {
  return paths.map(readCandidate);
}

function readCandidate(path: string): Candidate {
  let value: unknown;
  try {
    value = readProfileValue(path);
    return candidateOf(value, path);
  } catch (error) {
    // One that is nested too deeply for the check is none of the program's own mistakes either.
    const problem = error instanceof UsageError ? error.message : `profile ${path}: ${error}`;
    return broken(problem, path, value);
  }
}

function candidateOf(value: unknown, path: string): Candidate {
  return { ...wholeCandidate(checkProfile(value, path), path), advice: adviceOn(value) };
}

/** Names the keys that have other names now. The old ones still work. */
export function adviceOn(value: unknown): string | undefined {
  const renamed = renamedKeys(value).map(([old, present]) => `'${old}' is now called '${present}'`);
  return renamed.length === 0 ? undefined : `${renamed.join(" and ")}; the old name still works`;
}

function broken(problem: string, path: string, value: unknown): Candidate {
  const { name, match } = (value ?? {}) as Partial<Profile>;
  const fileName = path.slice(path.lastIndexOf("/") + 1);
  return {
    name: typeof name === "string" ? name : fileName.replace(/\.json$/, ""),
    source: path,
    origin: "user",
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

/**
 * Reads what stands in a profile's file, unchecked.
 *
 * @throws {UsageError} If it cannot be read or is not JSON.
 */
export function readProfileValue(path: string): unknown {
  return parse(read(path), path);
}

function read(path: string): string {
  const { readFileSync, statSync } = process.getBuiltinModule("node:fs");
  try {
    const found = statSync(path);
    if (!found.isFile()) throw new Error("it is no file");
    if (found.size > mostBytes) throw new Error("it is too long");
    return readFileSync(path, "utf8");
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
