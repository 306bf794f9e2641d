/**
 * How a user calls this program here.
 *
 * @module
 */

import { brand } from "../brand.ts";
import { runtime } from "../runtime/mod.ts";
import type { Environment } from "../runtime/runtime.ts";
import { findExecutable } from "../system/executable.ts";
import { shortPath } from "./paths.ts";

/** The executable as which kubectl finds this program as its plugin, as krew installs it. */
export function pluginName(): string {
  return `kubectl-${brand.name.replaceAll("-", "_")}`;
}

/**
 * Reports whether an executable's name is this program's own: the brand's, or that of kubectl's plugin. More may
 * follow it, such as a version, since a release's files have such names.
 */
export function isOwnName(name: string): boolean {
  const isOwn = [brand.name, pluginName()].some((own) => beginsWith(name, own));
  // Who starts a program without a name means none.
  return isOwn || name === "";
}

function beginsWith(name: string, start: string): boolean {
  return name.toLowerCase().startsWith(start.toLowerCase()) && !/[a-z]/i.test(name[start.length] ?? "");
}

/**
 * Returns the words by which a user can call this program in a shell: its name if PATH leads to it, or else as
 * kubectl's plugin, or else by its path.
 *
 * @returns `undefined` if only a link in front of a tool is installed, which cannot be called for itself.
 */
export function ownCall(env: Environment): string | undefined {
  const command = runtime.programCommand();
  const isFromSource = command.length > 1;
  if (isFromSource || findExecutable(brand.name, env) !== undefined) return brand.name;
  if (findExecutable(pluginName(), env) !== undefined) return `kubectl ${brand.name}`;
  const [path] = command;
  return isOwnName(path.replace(/^.*[/\\]/s, "")) ? quotePath(path, env) : undefined;
}

/** Writes a path so that a shell takes it for one word. */
export function quotePath(path: string, env: Environment): string {
  const short = shortPath(path, env);
  return /^[\w~/.:+@%-]+$/.test(short) ? short : `'${path.replaceAll("'", `'\\''`)}'`;
}
