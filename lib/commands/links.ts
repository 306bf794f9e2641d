/**
 * The links in front of tools: where they are, and whether they work.
 *
 * @module
 */

import { isFromSource, isOwnFile, isOwnName } from "../directories/own_call.ts";
import { baseName } from "../profile/profile.ts";
import { toolBehind } from "../run/link.ts";
import { runtime } from "../runtime/mod.ts";
import type { Environment } from "../runtime/runtime.ts";
import { findExecutable } from "../system/executable.ts";
import { system } from "../system/mod.ts";

/** A link in front of a tool. A copy of the program counts as one. */
export interface ToolLink {
  /** The tool's name. */
  readonly name: string;
  readonly path: string;
  /** The program that it leads to is not there. */
  readonly isBroken: boolean;
  /** The tool that it runs, if there is one. */
  readonly tool: string | undefined;
  /** The file that PATH leads to instead of it, if there is one. */
  readonly hiddenBy: string | undefined;
  readonly isOnPath: boolean;
}

const paths = () => process.getBuiltinModule("node:path");

/**
 * Returns the path by which this program is installed. It may be a symbolic link, which a newer version replaces: a
 * package manager's, for example.
 */
export function ownPath(env: Environment): string {
  const { calledAs } = runtime;
  const [program] = runtime.programCommand();
  const path = calledAs.includes("/") ? paths().resolve(calledAs) : findExecutable(calledAs, env);
  const isOwn = path !== undefined && system.files.realPath(path) === system.files.realPath(program);
  return isOwn ? path : program;
}

/** Finds the links on PATH and beside this program. */
export function findLinks(env: Environment): ToolLink[] {
  const beside = paths().dirname(ownPath(env));
  const onPath = (env("PATH") ?? "").split(paths().delimiter).filter((folder) => folder !== "");
  const seen = new Set<string>();
  return [...onPath, beside].flatMap((folder) => {
    const real = system.files.realPath(folder);
    if (real === undefined || seen.has(real)) return [];
    seen.add(real);
    return linksIn(folder, env);
  });
}

function linksIn(folder: string, env: Environment): ToolLink[] {
  const links = system.files.list(folder).sort().map((name) => linkAt(`${folder}/${name}`, env));
  return links.filter((link) => link !== undefined);
}

/** Looks at a file. Returns `undefined` if it is no link to this program, nor a copy of it. */
export function linkAt(path: string, env: Environment): ToolLink | undefined {
  const name = baseName(path);
  if (isOwnName(name)) return undefined;
  const target = system.files.realPath(path);
  const isBroken = target === undefined;
  if (isBroken ? !wasOwn(path) : !isOwn(target)) return undefined;
  const found = findExecutable(name, env);
  const isFound = found !== undefined && paths().resolve(found) === paths().resolve(path);
  return {
    name,
    path,
    isBroken,
    tool: isBroken ? undefined : toolBehind(path, env, path),
    hiddenBy: isFound ? undefined : found,
    isOnPath: (env("PATH") ?? "").split(paths().delimiter).includes(paths().dirname(path)),
  };
}

/** Reports whether a symbolic link that leads nowhere has led to this program. */
function wasOwn(path: string): boolean {
  const target = system.files.linkTarget(path);
  return target !== undefined && isOwnName(baseName(target));
}

/** Reports whether a file is this program, by another version perhaps, or a copy of it. */
function isOwn(file: string): boolean {
  if (!system.files.status(file)?.isFile) return false;
  return isOwnFile(file) || (!isFromSource() && isCopy(file, runtime.programCommand()[0]));
}

function isCopy(file: string, program: string): boolean {
  const [one, other] = [file, program].map((path) => system.files.status(path));
  if (!one?.isFile || one.size !== other?.size) return false;
  const fs = process.getBuiltinModule("node:fs");
  try {
    return fs.readFileSync(file).equals(fs.readFileSync(program));
  } catch {
    return false;
  }
}
