/**
 * The user's profiles: the files `*.json` in the directory `profiles` of the configuration directory.
 *
 * @module
 */

import { findConfigDirectory } from "../directories/config_directory.ts";
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
  if (folder === undefined || !system.files.exists(folder)) return { paths: [], stamp: "" };
  const names = system.files.listFiles(folder, ".json").filter((name) => !name.startsWith(".")).sort();
  const paths = names.map((name) => joinPath(folder, name));
  return { paths, stamp: JSON.stringify(paths.map((path) => [path, system.files.stamp(path)])) };
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
  if (cached) return cached;
  const { readCandidates } = await import("./file.ts");
  return readCandidates(paths);
}
