/**
 * `link` and `unlink`: puts this program in front of a tool, and takes it away again. Nothing that exists is replaced,
 * and nothing is deleted but a link to this program.
 *
 * @module
 */

import { brand } from "../brand.ts";
import { isFromSource, isOwnName, ownCall, quotePath } from "../directories/own_call.ts";
import { shortPath } from "../directories/paths.ts";
import { tell } from "../messages.ts";
import { allCandidates } from "../profile/select.ts";
import { runtime } from "../runtime/mod.ts";
import { findExecutable } from "../system/executable.ts";
import { system } from "../system/mod.ts";
import { UsageError } from "../usage_error.ts";
import { findLinks, linkAt, ownPath, type ToolLink } from "./links.ts";

const { env } = runtime;
const fs = () => process.getBuiltinModule("node:fs");
const paths = () => process.getBuiltinModule("node:path");

/**
 * Lays a link in front of a tool, and tells on standard error what still keeps it from working.
 *
 * @param dir Where to lay it; `undefined` for beside this program.
 * @throws {Error} If it cannot be laid.
 */
export async function link(tool: string, dir: string | undefined): Promise<number> {
  checkTool(tool);
  checkDirectory(dir);
  if (isFromSource()) throw new Error("only a compiled program can be linked to");
  const own = ownPath(env);
  const path = placeOf(tool, dir ?? paths().dirname(own));
  const isNew = lay(own, path);
  const laid = linkAt(path, env)!;
  const front = laid.tool === undefined ? "" : `, in front of ${shortPath(laid.tool, env)}`;
  runtime.write(
    1,
    `${shortPath(path, env)} is ${isNew ? "now" : "already"} a link to ${brand.name}${front}.\n`,
  );
  for (const warning of [...describeReach(laid), ...await describeClaim(tool)]) tell(warning);
  return 0;
}

function checkTool(tool: string): void {
  if (/[/\\]/.test(tool)) throw new UsageError(`'${tool}' should be a tool's name, not a path`);
  if (tool.startsWith("-")) throw new UsageError(`'${tool}' should be a tool's name, not an option`);
  if (isOwnName(tool)) throw new UsageError(`'${tool}' is ${brand.name} itself: a link needs another name`);
}

function checkDirectory(dir: string | undefined): void {
  if (dir === "") throw new UsageError("--dir needs a directory: --dir DIR");
}

function placeOf(tool: string, dir: string): string {
  const ending = runtime.os === "windows" ? ".exe" : "";
  return paths().resolve(dir, `${tool}${ending}`);
}

/** Lays the link. Returns false if it is there already. */
function lay(own: string, path: string): boolean {
  const isThere = system.files.status(path) !== undefined;
  const present = isThere ? linkAt(path, env) : undefined;
  if (isThere && !present) {
    throw new Error(`${path} exists and is no link to ${brand.name}; choose another directory with --dir`);
  }
  if (present && !present.isBroken) return false;
  try {
    if (present) fs().unlinkSync(path);
    fs().mkdirSync(paths().dirname(path), { recursive: true });
    place(own, path);
    return true;
  } catch (error) {
    throw new Error(`cannot make ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

/** On Windows a symbolic link needs a right that users do not have. */
function place(own: string, path: string): void {
  if (runtime.os !== "windows") return fs().symlinkSync(own, path);
  try {
    fs().linkSync(own, path);
  } catch {
    fs().copyFileSync(own, path);
  }
}

/** Says what keeps calls of the tool from coming through the link. */
function describeReach({ name, path, tool, hiddenBy, isOnPath }: ToolLink): string[] {
  const folder = quotePath(paths().dirname(path), env);
  const wishes: string[] = [];
  if (tool === undefined) {
    wishes.push(
      `there is no ${name} behind it on PATH; until there is, calls of ${name} end with status 127`,
    );
  }
  if (!isOnPath) wishes.push(`${folder} is not on PATH; put it in front: export PATH=${folder}:$PATH`);
  else if (hiddenBy !== undefined) {
    wishes.push(`${shortPath(hiddenBy, env)} comes before it on PATH; put ${folder} in front of it`);
  }
  return wishes;
}

/** Says that nothing is known about a tool. */
async function describeClaim(tool: string): Promise<string[]> {
  if (await isClaimed(tool)) return [];
  const call = ownCall(env) ?? brand.name;
  return [`no profile claims ${tool}, so nothing is sent; if it is a cobra tool: ${learnCall(call, tool)}`];
}

/** Reports whether a profile claims command lines that begin with that name. */
export async function isClaimed(tool: string): Promise<boolean> {
  const candidates = await allCandidates(env);
  return candidates.some(({ match = [] }) => match.some(([word]) => word === tool));
}

/** Returns the command that learns a tool's profile. */
export function learnCall(call: string, tool: string): string {
  return `${call} learn --app-id UUID --save -- ${tool}`;
}

/**
 * Deletes the links in front of a tool.
 *
 * @param dir The link's directory; `undefined` for all on PATH and beside this program.
 * @throws {Error} If there is none, or one cannot be deleted.
 */
export function unlink(tool: string, dir: string | undefined): number {
  checkTool(tool);
  checkDirectory(dir);
  const links = dir === undefined
    ? findLinks(env).filter(({ name }) => name === tool)
    : [linkIn(tool, dir)].filter((found) => found !== undefined);
  if (links.length === 0) {
    const where = dir === undefined ? "on PATH" : `in ${dir}`;
    throw new Error(`there is no link in front of ${tool} ${where}`);
  }
  for (const { path } of links) remove(path);
  const found = findExecutable(tool, env);
  const rest = found === undefined ? `there is no ${tool} on PATH` : `${tool} is ${shortPath(found, env)}`;
  const deleted = links.map(({ path }) => shortPath(path, env)).join(" and ");
  runtime.write(1, `Deleted ${deleted}; now ${rest}.\n`);
  return 0;
}

function linkIn(tool: string, dir: string): ToolLink | undefined {
  const path = placeOf(tool, dir);
  const isThere = system.files.status(path) !== undefined;
  const found = isThere ? linkAt(path, env) : undefined;
  if (isThere && !found) throw new Error(`${path} is no link to ${brand.name}; it stays`);
  return found;
}

function remove(path: string): void {
  try {
    fs().unlinkSync(path);
  } catch (error) {
    throw new Error(`cannot delete ${quotePath(path, env)}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  return (error as Error).message.replace(/^[A-Z]+: /, "").replace(/, \w+( '.*)?$/s, "");
}
