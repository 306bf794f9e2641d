/**
 * How the wrapped tool is asked for its version. A run decides it, the courier does it (`tool_version.ts`).
 *
 * @module
 */

import type { Environment } from "../runtime/runtime.ts";
import { findTool } from "../directories/own_call.ts";
import { findExecutable } from "../system/executable.ts";
import { baseName, type Profile } from "./profile.ts";

/** How to ask a tool for its version. */
export interface VersionCall {
  /** The executable's name, to be found on PATH. */
  readonly executable: string;
  readonly args: readonly string[];
  /** The variable that opts out of the tool's telemetry. */
  readonly optOutVariable?: string;
}

/**
 * Finds out how the tool of a command line tells its version. A plugin such as `kubectl gs` is asked by
 * its own executable, if its profile claims one, since that is what changes with its version.
 *
 * @returns `undefined` if the profile does not say, or if the executable is not the one that PATH leads to.
 */
export function versionCall(
  profile: Profile,
  command: readonly string[],
  env: Environment,
): VersionCall | undefined {
  const { versionCall: args, match, optOutVariable } = profile;
  if (!args) return undefined;
  const called = baseName(command[0]);
  const claim = match.find(([word]) => word === called);
  const own = claim && claim.length > 1 ? match.find((other) => other.length === 1) : undefined;
  if (own && findExecutable(own[0], env) !== undefined) return { executable: own[0], args, optOutVariable };
  // Behind a link, the command is the tool's own path.
  const isOnPath = called === command[0] || findTool(called, env) === command[0];
  return isOnPath
    ? { executable: called, args: [...claim?.slice(1) ?? [], ...args], optOutVariable }
    : undefined;
}
