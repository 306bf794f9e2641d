/**
 * The user's and the organisation's profiles: the files `*.json` in the directory `profiles` of the configuration
 * directory and of the organisation's.
 *
 * @module
 */

import { type Ignored, knownOrganisation } from "../consent/organisation.ts";
import { findConfigDirectory } from "../directories/config_directory.ts";
import { trustIn } from "../directories/organisation_directory.ts";
import { findStateDirectory } from "../directories/state_directory.ts";
import type { Environment } from "../runtime/runtime.ts";
import { system } from "../system/mod.ts";
import { cachedCandidates } from "./cache.ts";
import { joinPath } from "../directories/paths.ts";
import type { Candidate } from "./profile.ts";

/** The profiles' files and the state that each of them is in. */
export interface ProfileFiles {
  readonly paths: readonly string[];
  /** Changes when a file does. */
  readonly stamp: string;
}

/** Lists the profiles' files; none if there is no directory for them. */
export function listProfileFiles(env: Environment): ProfileFiles {
  const folder = findConfigDirectory(env)?.profiles;
  const own = folder === undefined || !system.files.exists(folder) ? [] : listIn(folder);
  const paths = [...listOrganisationFiles().paths, ...own];
  if (paths.length === 0) return { paths, stamp: "" };
  return { paths, stamp: JSON.stringify(paths.map((path) => [path, system.files.stamp(path)])) };
}

function listIn(folder: string): string[] {
  const names = system.files.listFiles(folder, ".json").filter((name) => !name.startsWith(".")).sort();
  return names.map((name) => joinPath(folder, name));
}

/** Lists the organisation's profiles, and what does not count there, since others may have written it. */
export function listOrganisationFiles(): { readonly paths: string[]; readonly ignored: Ignored[] } {
  const { profiles } = knownOrganisation();
  if (profiles === undefined) return { paths: [], ignored: [] };
  const folder = trustIn(profiles, "directory");
  if (folder.kind !== "trusted") {
    return {
      paths: [],
      ignored: folder.kind === "ignored" ? [{ path: profiles, reason: folder.reason }] : [],
    };
  }
  const paths: string[] = [];
  const ignored: Ignored[] = [];
  for (const path of listIn(profiles)) {
    const trust = trustIn(path, "file");
    if (trust.kind === "trusted") paths.push(path);
    if (trust.kind === "ignored") ignored.push({ path, reason: trust.reason });
  }
  return { paths, ignored };
}

/**
 * Returns the user's profiles: from the cache while that is fresh, otherwise from their files, any of which may
 * be broken.
 */
export async function folderCandidates(env: Environment): Promise<readonly Candidate[]> {
  const { paths, stamp } = listProfileFiles(env);
  if (paths.length === 0) return [];
  const state = findStateDirectory(env);
  const cached = state && cachedCandidates(state, stamp);
  if (cached) return markOrganisations(cached);
  const { readCandidates } = await import("./file.ts");
  return markOrganisations(readCandidates(paths));
}

/** Marks the organisation's profiles among others. */
export function markOrganisations(candidates: readonly Candidate[]): readonly Candidate[] {
  const { profiles } = knownOrganisation();
  if (profiles === undefined) return candidates;
  return candidates.map((candidate) =>
    candidate.source.startsWith(`${profiles}/`) ? { ...candidate, origin: "organisation" } : candidate
  );
}
