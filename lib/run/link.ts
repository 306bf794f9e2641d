/**
 * A link in front of a tool: under the tool's own name, earlier on PATH, this program runs the tool that
 * it stands in front of, so that every call is counted without an alias.
 *
 * @module
 */

import { brand } from "../brand.ts";
import type { Environment } from "../runtime/runtime.ts";
import { findExecutables } from "../system/executable.ts";
import { folderCandidates } from "../profile/folder.ts";
import { builtInCandidates } from "../profile/built_in/mod.ts";
import { baseName, type Candidate } from "../profile/profile.ts";
import { runtime } from "../runtime/mod.ts";
import { system } from "../system/mod.ts";

/** Whether this is a name that a profile claims for itself alone, such as `kubectl-gs`. */
export async function isCalledAsTool(calledAs: string, env: Environment): Promise<boolean> {
  const name = baseName(calledAs);
  const isFromSource = () => runtime.programCommand().length > 1;
  if (name === brand.name || isFromSource()) return false;
  const claims = ({ match = [] }: Candidate) =>
    match.some(([word, ...more]) => word === name && more.length === 0);
  return builtInCandidates.some(claims) || (await folderCandidates(env)).some(claims);
}

/**
 * Finds the tool: the next file of that name on PATH, behind this program's own place. Looking only
 * behind it, this program never finds itself, and two copies of it never find each other in turn.
 */
export function toolBehind(calledAs: string, env: Environment): string | undefined {
  const self = system.files.realPath(runtime.programCommand()[0]);
  const candidates = findExecutables(baseName(calledAs), env);
  const isSelf = (path: string) => system.files.realPath(path) === self;
  const ownPlace = candidates.findIndex(isSelf);
  return candidates.slice(ownPlace + 1).find((path) => !isSelf(path));
}
