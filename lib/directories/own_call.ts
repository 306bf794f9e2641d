/**
 * How a user calls this program here.
 *
 * @module
 */

import { brand } from "../brand.ts";
import { runtime } from "../runtime/mod.ts";
import type { Environment } from "../runtime/runtime.ts";
import { findExecutable, findExecutables } from "../system/executable.ts";
import { system } from "../system/mod.ts";
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

/** Reports whether the program runs from source. It is then a runtime's file, to which other tools are linked, too. */
export function isFromSource(): boolean {
  return runtime.programCommand().length > 1;
}

/** Reports whether a file is a gs-telemetry: this one, a link to it, or by its name another one. */
export function isOwnFile(path: string): boolean {
  const real = system.files.realPath(path);
  if (real === undefined) return false;
  const [program] = runtime.programCommand();
  return isOwnName(fileName(real)) || (!isFromSource() && real === system.files.realPath(program));
}

/** Finds the file of a tool on PATH, past links to this program. */
export function findTool(name: string, env: Environment): string | undefined {
  return findExecutables(name, env).find((path) => !isOwnFile(path));
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
  if (isFromSource() || findExecutable(brand.name, env) !== undefined) return brand.name;
  if (findExecutable(pluginName(), env) !== undefined) return `kubectl ${brand.name}`;
  const [path] = runtime.programCommand();
  return isOwnName(fileName(path)) ? quotePath(path, env) : undefined;
}

function fileName(path: string): string {
  return path.replace(/^.*[/\\]/s, "");
}

/** Writes a path so that a shell takes it for one word. */
export function quotePath(path: string, env: Environment): string {
  const short = shortPath(path, env);
  return /^[\w~/.:+@%-]+$/.test(short) ? short : `'${path.replaceAll("'", `'\\''`)}'`;
}
