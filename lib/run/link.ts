/**
 * A link in front of a tool: under the tool's own name, earlier on PATH, this program runs the tool that
 * it stands in front of, so that every call is counted without an alias.
 *
 * @module
 */

import { isFromSource, isOwnFile, isOwnName } from "../directories/own_call.ts";
import type { Environment } from "../runtime/runtime.ts";
import { findExecutable, findExecutables } from "../system/executable.ts";
import { linkChain } from "../system/link_chain.ts";
import { baseName } from "../profile/profile.ts";
import { runtime } from "../runtime/mod.ts";
import { system } from "../system/mod.ts";

/**
 * Reports whether this program was called by the name of a tool that it stands in front of: by any name but its
 * own. Reads no file, since whatever a file says, the tool has to run.
 */
export function isCalledAsTool(calledAs: string): boolean {
  return !isFromSource() && !isOwnName(toolName(calledAs));
}

/** Returns the name of the tool that somebody calls. A login shell is called with a hyphen in front of it. */
export function toolName(calledAs: string): string {
  return baseName(calledAs).replace(/^-/, "");
}

/** Reports whether this program was started by its file's own name, as it starts itself. */
export function isCalledByFileName(calledAs: string): boolean {
  return isFromSource() || baseName(calledAs) === baseName(runtime.programCommand()[0]);
}

/**
 * Where tools usually are, in the order of a usual PATH. A service, a cron job or `env -i` can have a PATH without
 * them, and may call the link by its full path.
 */
const usualDirectories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/**
 * Finds the tool: the next file of that name on PATH, behind this program's own place. If there is none, or this
 * program is not on PATH, the usual directories count as the end of PATH.
 *
 * Each program looks only behind its own place in one and the same list, in which no file stands twice. So this
 * program never finds itself, and two copies of it never find each other in turn.
 */
export function toolBehind(
  calledAs: string,
  env: Environment,
  program: string = runtime.programCommand()[0],
): string | undefined {
  const own = system.files.realPath(program) ?? "";
  for (const name of namesOf(calledAs, env)) {
    const tool = findBehind(name, own, env);
    if (tool !== undefined) return tool;
  }
  return undefined;
}

/** The name that was called, then those of the links that it leads through: people give their tools short names. */
function* namesOf(calledAs: string, env: Environment): Generator<string> {
  yield toolName(calledAs);
  const called = calledAs.includes("/") ? calledAs : findExecutable(calledAs, env);
  for (const path of called === undefined ? [] : linkChain(called)) {
    if (isOwnName(baseName(path))) return;
    yield baseName(path);
  }
}

function findBehind(name: string, own: string, env: Environment): string | undefined {
  const onPath = filesByRealPath(findExecutables(name, env));
  return (onPath.has(own) ? nextAfter(own, onPath) : undefined) ??
    nextAfter(own, filesByRealPath(findExecutables(name, withUsualDirectories(env))));
}

/** The first path of each file, by the path without symbolic links. */
function filesByRealPath(paths: readonly string[]): Map<string, string> {
  const files = new Map<string, string>();
  for (const path of paths) {
    const real = system.files.realPath(path) ?? path;
    if (!files.has(real)) files.set(real, path);
  }
  return files;
}

/** Another gs-telemetry, installed elsewhere, would count the call again: it is passed over. */
function nextAfter(own: string, files: ReadonlyMap<string, string>): string | undefined {
  const order = [...files.keys()];
  const next = order.slice(order.indexOf(own) + 1).find((file) => !isOwnName(baseName(file)));
  return next === undefined ? undefined : files.get(next);
}

/**
 * Returns the tool behind a file that is a link to this program. Run through the link, a command would be counted
 * twice.
 *
 * @returns `undefined` if the file is no such link.
 */
export function toolPastLink(executable: string, env: Environment): string | undefined {
  const isLink = system.files.linkTarget(executable) !== undefined;
  return isLink && isOwnFile(executable) ? toolBehind(executable, env) : undefined;
}

function withUsualDirectories(env: Environment): Environment {
  if (runtime.os === "windows") return env;
  const path = [env("PATH"), ...usualDirectories].filter((part) => part !== undefined).join(":");
  return (name) => name === "PATH" ? path : env(name);
}
