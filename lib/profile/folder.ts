/**
 * The user's profiles: the files `*.json` in the folder `profiles` of the configuration directory.
 *
 * @module
 */

import type { Environment } from "../consent/consent.ts";
import { configDirectory, stateDirectory } from "../directories/paths.ts";
import type { Candidate } from "./profile.ts";
import { cachedCandidates } from "./cache.ts";
import { runtime } from "../runtime/mod.ts";
import { system } from "../system/mod.ts";

/** The profiles' files and how each of them is at present. */
export interface ProfileFiles {
  readonly folder: string;
  readonly names: readonly string[];
  /** Changes when a file does. */
  readonly stamp: string;
}

/** Lists the profiles' files; nothing where there is no folder for them. */
export function listProfileFiles(env: Environment): ProfileFiles | undefined {
  const base = configDirectory(env);
  if (base === undefined || !system.files.exists(`${base}/profiles`)) return undefined;
  const folder = `${base}/profiles`;
  const names = runtime.listFiles(folder, ".json").filter((name) => !name.startsWith(".")).sort();
  const stamps = names.map((name) => [name, runtime.fileStamp(`${folder}/${name}`)]);
  return { folder, names, stamp: JSON.stringify([folder, ...stamps]) };
}

/**
 * Gives the user's profiles: from the cache while that is fresh, otherwise from their files, one of
 * which may be broken.
 */
export async function folderCandidates(env: Environment): Promise<readonly Candidate[]> {
  const files = listProfileFiles(env);
  if (!files || files.names.length === 0) return [];
  const state = stateDirectory(env);
  const cached = state && cachedCandidates(state, files.stamp);
  if (cached) return cached;
  const { readCandidates } = await import("./file.ts");
  return readCandidates(files);
}
