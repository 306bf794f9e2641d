/**
 * What every system does to files in the same way, made of the few calls in which they differ.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import type { Change, Files, FileStatus } from "./system.ts";

/** What a system's own calls do to files. */
export interface BasicFiles extends
  Pick<
    Files,
    | "create"
    | "exists"
    | "isExecutable"
    | "isWritable"
    | "linkTarget"
    | "makeDirectory"
    | "read"
    | "readOptional"
    | "realPath"
    | "remove"
    | "rename"
  > {
  /** Deletes an empty directory; false if it fails. */
  removeDirectory(path: string): boolean;
  /** Why the last of these calls has failed, in the system's words. */
  failure(): string;
}

const done: Change = { done: true };

// No process takes so long to write a small file, in milliseconds.
const unfinishedAge = 3_600_000;

// Other processes may add to a directory that is being emptied.
const removalAttempts = 100;

/** Completes the files of a system. */
export function completeFiles(basic: BasicFiles): Files {
  return {
    ...basic,
    makeDirectories: (path, most = Infinity) => makeDirectories(basic, path, most),
    removeTree: (path) => removeTree(basic, path),
    replace: (path, text) => replace(basic, path, text),
    list,
    listFiles: runtime.listFiles,
    status,
    stamp: runtime.fileStamp,
  };
}

// By `node:fs`, which takes 2 ms to load: neither of these is on the way of a run.

function list(path: string): string[] {
  try {
    return process.getBuiltinModule("node:fs").readdirSync(path);
  } catch {
    return [];
  }
}

function status(path: string): FileStatus | undefined {
  try {
    const found = process.getBuiltinModule("node:fs").lstatSync(path);
    return {
      isFile: found.isFile(),
      isDirectory: found.isDirectory(),
      isLink: found.isSymbolicLink(),
      size: found.size,
      modifiedAt: found.mtimeMs,
      uid: runtime.os === "windows" ? -1 : found.uid,
    };
  } catch {
    return undefined;
  }
}

/** The directory that a file lies in; empty if the path does not say. */
export function folderOf(path: string): string {
  const end = runtime.os === "windows"
    ? Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"))
    : path.lastIndexOf("/");
  return path.slice(0, Math.max(end, 0));
}

function makeDirectories(files: BasicFiles, path: string, most: number): Change {
  if (files.makeDirectory(path)) return done;
  const failed: Change = { done: false, reason: files.failure() };
  if (files.exists(path)) return isDirectory(files, path) ? done : failed;
  const parent = folderOf(path);
  if (parent === "" || most <= 1 || files.exists(parent)) return failed;
  const above = makeDirectories(files, parent, most - 1);
  if (!above.done || files.makeDirectory(path)) return above;
  const reason = files.failure();
  // Another process has made it in the meantime.
  return isDirectory(files, path) ? done : { done: false, reason };
}

/** Whether it is a directory or a link to one. */
function isDirectory(files: BasicFiles, path: string): boolean {
  return status(files.realPath(path) ?? path)?.isDirectory ?? false;
}

function removeTree(files: BasicFiles, path: string): Change {
  if (files.remove(path)) return done;
  const reason = files.failure();
  const found = status(path);
  if (!found) return files.exists(path) ? { done: false, reason } : done;
  return found.isDirectory ? removeDirectory(files, path) : { done: false, reason };
}

/** Goes on as long as its entries can be deleted, since others may be added meanwhile. */
function removeDirectory(files: BasicFiles, path: string): Change {
  let end: Change = done;
  for (let attempt = 0; attempt < removalAttempts; attempt++) {
    for (const name of list(path)) {
      const removed = removeTree(files, `${path}/${name}`);
      if (!removed.done) end = removed;
    }
    if (!end.done) return end;
    if (files.removeDirectory(path)) return done;
    const reason = files.failure();
    if (!status(path)) return done;
    if (list(path).length === 0) return { done: false, reason };
    end = done;
  }
  return { done: false, reason: "others keep adding to it" };
}

/** Deletes what processes left that died while they replaced a file. */
function removeUnfinished(files: BasicFiles, folder: string, prefix: string): void {
  for (const name of list(folder)) {
    if (!name.startsWith(prefix)) continue;
    const found = status(`${folder}/${name}`);
    if (found && Math.abs(Date.now() - found.modifiedAt) > unfinishedAge) files.remove(`${folder}/${name}`);
  }
}

function replace(files: BasicFiles, path: string, text: string): Change {
  const folder = folderOf(path);
  const prefix = `.${path.slice(folder.length + 1)}.`;
  removeUnfinished(files, folder, prefix);
  const unfinished = `${folder}/${prefix}${crypto.randomUUID()}`;
  if (files.create(unfinished, text) && files.rename(unfinished, path)) return done;
  const reason = files.failure();
  files.remove(unfinished);
  return { done: false, reason };
}
