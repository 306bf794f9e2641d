/**
 * The reader's part of the spool: lists what waits, keeps it within its bounds, and puts aside what
 * is no signal. Only whoever holds the courier's lock changes anything here.
 *
 * @module
 */

import type { Limits } from "./limits.ts";
import { isEndpoint } from "../run/options.ts";
import {
  foldersBelowHome,
  queueDirectory,
  rejectedDirectory,
  type SpooledSignal,
  spoolName,
} from "./queue.ts";
import { system } from "../system/mod.ts";

/** What the bounds leave in the queue. */
export interface TidyQueue {
  /** The names of the waiting signals, oldest first. */
  readonly names: readonly string[];
  /** Signals deleted because they were too many or too old. */
  readonly dropped: number;
}

/** A file of the queue, read. */
export type QueueEntry =
  | { readonly kind: "signal"; readonly entry: SpooledSignal }
  /** Another user's, by sudo with the same home: theirs to deliver. */
  | { readonly kind: "unreadable" }
  | { readonly kind: "gone" }
  | { readonly kind: "damaged" };

const signalName = /^(\d{15})-([0-9a-f-]{36})\.json$/;
const hour = 3_600_000;
const day = 24 * hour;
// A time stamp beyond these shows that the clock was set in between: the signal's age is not known.
const plausibleFuture = day;
const plausibleAge = 180 * day;
const unfinishedAge = hour;

/** Lists the names of the waiting signals, oldest first. */
export function listQueue(stateDirectory: string): string[] {
  return listNames(queueDirectory(stateDirectory)).filter((name) => signalName.test(name)).sort();
}

/** Whether signals that were delivered can be deleted; where they cannot, they would be sent for ever. */
export function isWritableQueue(stateDirectory: string): boolean {
  return system.files.isWritable(queueDirectory(stateDirectory));
}

/** Whether a signal could be kept: in the queue, or, where that is missing, where it would be made. */
export function canSpool(stateDirectory: string): boolean {
  let folder = queueDirectory(stateDirectory);
  for (let level = 0; level < foldersBelowHome && !system.files.exists(folder); level++) {
    folder = folder.slice(0, folder.lastIndexOf("/"));
  }
  return system.files.isWritable(`${folder}/.`);
}

/** Counts the signals that were set aside. */
export function countRejected(stateDirectory: string): number {
  return listNames(rejectedDirectory(stateDirectory)).length;
}

function listNames(folder: string): string[] {
  try {
    return process.getBuiltinModule("node:fs").readdirSync(folder);
  } catch {
    return [];
  }
}

/** When a signal was recorded, by the name of its file: milliseconds since 1970. */
export function recordedAt(name: string): number {
  return Number(signalName.exec(name)?.[1]);
}

/**
 * Lists what waits, after deleting what is too old or too much, and what has no place here.
 *
 * A signal whose time stamp cannot be right was recorded by another clock; its age counts from now, so
 * that it is neither dropped for a wrong clock nor kept for ever.
 */
export function tidyQueue(stateDirectory: string, now: number, limits: Limits): TidyQueue {
  const folder = queueDirectory(stateDirectory);
  const all = listNames(folder);
  if (isOwnFolder(folder)) {
    for (const name of all.filter((name) => !signalName.test(name))) removeStray(`${folder}/${name}`, now);
  }
  const found = all.filter((name) => signalName.test(name)).map((name) => restamp(folder, name, now)).sort();
  const fresh = found.findIndex((name) => now - recordedAt(name) <= limits.queueAge);
  const tooOld = fresh < 0 ? found.length : fresh;
  const dropped = Math.max(tooOld, found.length - limits.queueLength);
  for (const name of found.slice(0, dropped)) remove(`${folder}/${name}`);
  return { names: found.slice(dropped), dropped };
}

function restamp(folder: string, name: string, now: number): string {
  const age = now - recordedAt(name);
  if (age >= -plausibleFuture && age <= plausibleAge) return name;
  const id = signalName.exec(name)?.[2] ?? crypto.randomUUID();
  const renamed = spoolName(now, id);
  return move(`${folder}/${name}`, `${folder}/${renamed}`) ? renamed : name;
}

/** Strays are deleted only where no link and no other user (by sudo) can make them something else. */
function isOwnFolder(path: string): boolean {
  const { lstatSync } = process.getBuiltinModule("node:fs");
  try {
    const status = lstatSync(path);
    return status.isDirectory() && (process.getuid === undefined || status.uid === process.getuid());
  } catch {
    return false;
  }
}

/** A file still being written is left alone until it is clear that its writer has died. */
function removeStray(path: string, now: number): void {
  const { lstatSync } = process.getBuiltinModule("node:fs");
  try {
    const isUnfinished = path.includes("/queue/.");
    if (isUnfinished && Math.abs(now - lstatSync(path).mtimeMs) < unfinishedAge) return;
    remove(path);
  } catch {
    // Renamed into place in the meantime.
  }
}

/** Reads a waiting signal. */
export function readQueued(stateDirectory: string, name: string, limits: Limits): QueueEntry {
  const { lstatSync, readFileSync } = process.getBuiltinModule("node:fs");
  const path = `${queueDirectory(stateDirectory)}/${name}`;
  try {
    const status = lstatSync(path);
    if (!status.isFile() || status.size > limits.bodyLength) return { kind: "damaged" };
    const text = readFileSync(path, "utf8");
    const entry = parse(text);
    if (!isSpooled(entry)) return { kind: "damaged" };
    return { kind: "signal", entry: { ...entry, url: new URL(entry.url).href } };
  } catch (error) {
    return { kind: (error as NodeJS.ErrnoException).code === "ENOENT" ? "gone" : "unreadable" };
  }
}

function parse(text: string): Partial<SpooledSignal> | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isSpooled(entry: Partial<SpooledSignal> | null): entry is SpooledSignal {
  return typeof entry?.url === "string" && isEndpoint(entry.url) && typeof entry.signal === "object" &&
    entry.signal !== null;
}

/** Deletes a signal that was delivered, or what is none; false where that fails. */
export function removeQueued(stateDirectory: string, name: string): boolean {
  return remove(`${queueDirectory(stateDirectory)}/${name}`);
}

/**
 * Keeps a signal that a server has refused for good, for whoever looks for the reason, within a bound.
 *
 * @returns Whether it has left the queue.
 */
export function setAside(stateDirectory: string, name: string, limits: Limits): boolean {
  const folder = rejectedDirectory(stateDirectory);
  system.files.makeDirectory(folder);
  const queued = `${queueDirectory(stateDirectory)}/${name}`;
  const hasLeft = move(queued, `${folder}/${name}`) || remove(queued);
  const names = listNames(folder).sort();
  for (const old of names.slice(0, Math.max(0, names.length - limits.rejectedLength))) {
    remove(`${folder}/${old}`);
  }
  return hasLeft;
}

function move(from: string, to: string): boolean {
  try {
    process.getBuiltinModule("node:fs").renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}

function remove(path: string): boolean {
  try {
    process.getBuiltinModule("node:fs").rmSync(path, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}
