/**
 * The reader's part of the queue: lists what waits, keeps it within its bounds, and deletes what is not a signal.
 * Only the holder of the courier's lock changes anything here.
 *
 * @module
 */

import type { StateDirectory } from "../directories/state_directory.ts";
import { isEndpoint } from "../signal/endpoint.ts";
import { system } from "../system/mod.ts";
import type { Limits } from "./limits.ts";
import { fileNameOf, type QueuedSignal } from "./queue.ts";

/** What the bounds leave in the queue. */
export interface TidyQueue {
  /** The names of the waiting signals, oldest first. */
  readonly names: readonly string[];
  /** Signals deleted because they were too many or too old. */
  readonly dropped: number;
}

/** A file of the queue, read. */
export type QueueFile =
  | { readonly kind: "signal"; readonly queued: QueuedSignal }
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
export function listQueue({ queue }: StateDirectory): string[] {
  return listNames(queue).filter((name) => signalName.test(name)).sort();
}

/** Reports whether signals that were delivered can be deleted. If not, they would be sent again and again. */
export function isWritableQueue({ queue }: StateDirectory): boolean {
  return system.files.isWritable(queue);
}

/** Counts the signals that were set aside. */
export function countRejected({ rejected }: StateDirectory): number {
  return listNames(rejected).length;
}

function listNames(folder: string): string[] {
  try {
    return process.getBuiltinModule("node:fs").readdirSync(folder);
  } catch {
    return [];
  }
}

/** Returns when a signal was recorded, by the name of its file, in milliseconds since 1970. */
export function recordedAt(name: string): number {
  return Number(signalName.exec(name)?.[1]);
}

/**
 * Lists what waits, after deleting what is too old or too much, and what has no place here.
 *
 * A signal whose time stamp cannot be right was recorded by another clock; its age counts from now, so
 * that it is neither dropped for a wrong clock nor kept for ever.
 */
export function tidyQueue({ queue: folder }: StateDirectory, now: number, limits: Limits): TidyQueue {
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
  const renamed = fileNameOf(now, id);
  return move(`${folder}/${name}`, `${folder}/${renamed}`) ? renamed : name;
}

/** Strays are deleted only if no link and no other user (by sudo) can make them something else. */
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
export function readQueued({ queue }: StateDirectory, name: string, limits: Limits): QueueFile {
  const { lstatSync, readFileSync } = process.getBuiltinModule("node:fs");
  const path = `${queue}/${name}`;
  try {
    const status = lstatSync(path);
    if (!status.isFile() || status.size > limits.bodyLength) return { kind: "damaged" };
    const text = readFileSync(path, "utf8");
    const queued = parse(text);
    if (!isQueuedSignal(queued)) return { kind: "damaged" };
    return { kind: "signal", queued: { ...queued, url: new URL(queued.url).href } };
  } catch (error) {
    return { kind: (error as NodeJS.ErrnoException).code === "ENOENT" ? "gone" : "unreadable" };
  }
}

function parse(text: string): Partial<QueuedSignal> | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isQueuedSignal(value: Partial<QueuedSignal> | null): value is QueuedSignal {
  return typeof value?.url === "string" && isEndpoint(value.url) && typeof value.signal === "object" &&
    value.signal !== null;
}

/** Deletes a signal that was delivered, or a file that is not one. Returns false if that fails. */
export function removeQueued({ queue }: StateDirectory, name: string): boolean {
  return remove(`${queue}/${name}`);
}

/**
 * Keeps a signal that a server has refused for good, so that people can look for the reason. Keeps only the
 * newest.
 *
 * @returns Whether it has left the queue.
 */
export function setAside({ queue, rejected }: StateDirectory, name: string, limits: Limits): boolean {
  system.files.makeDirectory(rejected);
  const queued = `${queue}/${name}`;
  const hasLeft = move(queued, `${rejected}/${name}`) || remove(queued);
  const names = listNames(rejected).sort();
  for (const old of names.slice(0, Math.max(0, names.length - limits.rejectedLength))) {
    remove(`${rejected}/${old}`);
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
