/**
 * The spool: the folder in which signals wait for delivery. A file is a whole signal and its name
 * says when it was recorded, so that names sort by age; a name that begins with a dot is a file that
 * is still being written. This much is on the way of every run; `queue.ts` is the reader's part.
 *
 * @module
 */

import type { Signal } from "../signal/signal.ts";
import { system } from "../system/mod.ts";
import type { VersionCall } from "../profile/version_call.ts";

/** `.local/state/gs-telemetry/queue`. */
export const foldersBelowHome = 4;

const removals = 1_000;

/** A signal that waits, with what its delivery needs to know. */
export interface SpooledSignal {
  /** Where it goes, as `URL` writes it. */
  readonly url: string;
  readonly signal: Signal;
  /** How to ask for the tool's version, which the signal waits for. */
  readonly versionCall?: VersionCall;
}

/** The folder of waiting signals within the state directory. */
export function queueDirectory(stateDirectory: string): string {
  return `${stateDirectory}/queue`;
}

/** The folder of signals that a server has refused for good. */
export function rejectedDirectory(stateDirectory: string): string {
  return `${stateDirectory}/rejected`;
}

/** Names a signal's file by the time of its run, in milliseconds since 1970. */
export function spoolName(recordedAt: number, id: string): string {
  return `${String(Math.max(0, recordedAt)).padStart(15, "0")}-${id}.json`;
}

/**
 * Adds a signal: one file, renamed into place, so that a kill at any moment leaves a whole signal or none.
 *
 * @returns The file's name, or nothing where it cannot be written.
 */
export function spool(stateDirectory: string, entry: SpooledSignal, recordedAt: number): string | undefined {
  const queue = queueDirectory(stateDirectory);
  const name = spoolName(recordedAt, crypto.randomUUID());
  const unfinished = `${queue}/.${name}`;
  const text = JSON.stringify(entry);
  if (!system.files.create(unfinished, text)) {
    makeDirectories(queue);
    if (!system.files.create(unfinished, text)) return giveUp(unfinished);
  }
  return system.files.rename(unfinished, `${queue}/${name}`) ? name : giveUp(unfinished);
}

function giveUp(unfinished: string): undefined {
  system.files.remove(unfinished);
}

/**
 * Makes the folder and those above it, up to the home: where that is missing, it is meant to be.
 *
 * @returns Whether this process has made the folder; false where that fails or it exists.
 */
export function makeDirectories(path: string, levels = foldersBelowHome): boolean {
  // On Windows the home has backslashes: what has no slash is it.
  const end = path.lastIndexOf("/");
  const parent = path.slice(0, Math.max(end, 0));
  if (end > 0 && levels > 1 && !system.files.exists(parent)) makeDirectories(parent, levels - 1);
  return system.files.makeDirectory(path);
}

/** Whether anything may be waiting; looks at the folder only, not into it. */
export function hasQueue(stateDirectory: string): boolean {
  return system.files.exists(queueDirectory(stateDirectory));
}

/** Whether this signal still waits. */
export function isWaiting(stateDirectory: string, name: string): boolean {
  return system.files.exists(`${queueDirectory(stateDirectory)}/${name}`);
}

/** Deletes all that waits and all that was refused, unread. */
export function clearQueue(stateDirectory: string): void {
  removeFolder(rejectedDirectory(stateDirectory));
  removeFolder(queueDirectory(stateDirectory));
}

/** Tries again, since Bun gives up without an error where a courier deletes in the same folder meanwhile. */
function removeFolder(path: string): void {
  const { rmSync } = process.getBuiltinModule("node:fs");
  for (let attempt = 0; attempt < removals && system.files.exists(path); attempt++) {
    rmSync(path, { recursive: true, force: true });
  }
}
