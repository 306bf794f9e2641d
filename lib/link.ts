/**
 * A link in front of a tool: under the tool's own name, earlier on PATH, this program runs the tool that
 * it stands in front of, so that every call is counted without an alias.
 *
 * @module
 */

import type { Environment } from "./consent.ts";
import { findExecutables } from "./executable.ts";
import { baseName, builtInProfiles } from "./profile.ts";
import { runtime } from "./runtime/mod.ts";
import { system } from "./system/mod.ts";

/** Whether this is a name that a profile claims for itself alone, such as `kubectl-gs`. */
export function isCalledAsTool(calledAs: string): boolean {
  const name = baseName(calledAs);
  return builtInProfiles.some(({ match }) => match.some((claim) => claim.length === 1 && claim[0] === name));
}

/**
 * Finds the tool: the next file of that name on PATH, behind this program's own place. Looking only
 * behind it, this program never finds itself, and two copies of it never find each other in turn.
 */
export function toolBehind(calledAs: string, env: Environment): string | undefined {
  const self = system.files.realPath(runtime.programCommand()[0]);
  const candidates = [...findExecutables(baseName(calledAs), env)];
  const isSelf = (path: string) => system.files.realPath(path) === self;
  const ownPlace = candidates.findIndex(isSelf);
  return candidates.slice(ownPlace + 1).find((path) => !isSelf(path));
}
