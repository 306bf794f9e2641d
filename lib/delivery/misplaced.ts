/**
 * What stands in the state directory where the queue or the lock belongs. What is the user's own is moved aside;
 * what is another user's is told by `status`.
 *
 * @module
 */

import { shortPath } from "../directories/paths.ts";
import type { StateDirectory } from "../directories/state_directory.ts";
import type { Environment } from "../runtime/runtime.ts";
import { system } from "../system/mod.ts";

/** What belongs at a path. */
type Kind = "directory" | "file";

/**
 * Moves aside what stands at a path, if it is of another kind and the user's own.
 *
 * @returns Whether the way is free now and was not before.
 */
export function moveAside(path: string, kind: Kind): boolean {
  if (!isMisplaced(path, kind) || !isOwn(path)) return false;
  const aside = `${path}.aside-${Date.now()}-${crypto.randomUUID().slice(0, 8)}`;
  // Another process that has moved it first is no failure.
  if (!system.files.rename(path, aside)) return !isMisplaced(path, kind);
  if (kind === "directory") bringBack(aside, path);
  return true;
}

/** Another process may have moved the obstacle first: then this one has moved aside the directory that it made. */
function bringBack(aside: string, path: string): void {
  if (!system.files.status(aside)?.isDirectory) return;
  if (system.files.rename(aside, path)) return;
  for (const name of system.files.list(aside)) system.files.rename(`${aside}/${name}`, `${path}/${name}`);
  system.files.removeTree(aside);
}

/** A link is judged by what it leads to: people put directories elsewhere. */
function isMisplaced(path: string, kind: Kind): boolean {
  const found = system.files.status(path);
  if (found === undefined) return false;
  const end = found.isLink ? system.files.status(system.files.realPath(path) ?? "") : found;
  return kind === "directory" ? end?.isDirectory !== true : end === undefined || end.isDirectory;
}

/** Reports whether what is at a path belongs to this user. Does not follow a link. */
export function isOwn(path: string): boolean {
  const own = process.getuid?.() ?? -1;
  return system.files.status(path)?.uid === own;
}

/** Says for people what stands in the way; changes nothing. */
export function findMisplaced({ queue, courierLock }: StateDirectory, env: Environment): string[] {
  return [...describe(queue, "directory", env), ...describe(courierLock, "file", env)];
}

function describe(path: string, expected: Kind, env: Environment): string[] {
  if (!isMisplaced(path, expected)) return [];
  const kind = expected === "directory" ? "is no directory" : "is no file";
  const shown = shortPath(path, env);
  return [
    isOwn(path)
      ? `${shown} ${kind}; the next run moves it aside`
      : `${shown} belongs to another user and ${kind}, so nothing is sent; delete or rename it`,
  ];
}
