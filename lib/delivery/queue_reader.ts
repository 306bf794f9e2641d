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
import { isOwn } from "./misplaced.ts";
import { readUndeletable, removeUndeletable } from "./undeletable.ts";

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
export function listQueue(state: StateDirectory): string[] {
  const undeletable = readUndeletable(state);
  const waits = (name: string) => signalName.test(name) && !undeletable.has(name);
  return system.files.list(state.queue).filter(waits).sort();
}

/** Reports whether signals that were delivered can be deleted. If not, they would be sent again and again. */
export function isWritableQueue({ queue }: StateDirectory): boolean {
  return system.files.isWritable(queue);
}

/** Counts the signals that were set aside. */
export function countRejected({ rejected }: StateDirectory): number {
  return system.files.list(rejected).length;
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
export function tidyQueue(state: StateDirectory, now: number, limits: Limits): TidyQueue {
  const folder = state.queue;
  removeUndeletable(state);
  const undeletable = readUndeletable(state);
  const all = system.files.list(folder).filter((name) => !undeletable.has(name));
  if (isOwnFolder(folder)) {
    for (const name of all.filter((name) => !signalName.test(name))) removeStray(folder, name, now);
  }
  const found = all.filter((name) => signalName.test(name)).map((name) => restamp(folder, name, now)).sort();
  const fresh = found.findIndex((name) => now - recordedAt(name) <= limits.queueAge);
  const tooOld = fresh < 0 ? found.length : fresh;
  const dropped = Math.max(tooOld, found.length - limits.queueLength);
  for (const name of found.slice(0, dropped)) system.files.removeTree(`${folder}/${name}`);
  return { names: found.slice(dropped), dropped };
}

function restamp(folder: string, name: string, now: number): string {
  const age = now - recordedAt(name);
  if (age >= -plausibleFuture && age <= plausibleAge) return name;
  const id = signalName.exec(name)?.[2] ?? crypto.randomUUID();
  const renamed = fileNameOf(now, id);
  return system.files.rename(`${folder}/${name}`, `${folder}/${renamed}`) ? renamed : name;
}

/** Strays are deleted only if no link and no other user (by sudo) can make them something else. */
function isOwnFolder(path: string): boolean {
  return system.files.status(path)?.isDirectory === true && isOwn(path);
}

/** A file still being written is left alone until it is clear that its writer has died. */
function removeStray(folder: string, name: string, now: number): void {
  const path = `${folder}/${name}`;
  const modifiedAt = system.files.status(path)?.modifiedAt;
  const isUnfinished = name.startsWith(".");
  // It may have been renamed into place in the meantime.
  if (modifiedAt === undefined || isUnfinished && Math.abs(now - modifiedAt) < unfinishedAge) return;
  system.files.removeTree(path);
}

/** Reads a waiting signal. */
export function readQueued({ queue }: StateDirectory, name: string, limits: Limits): QueueFile {
  const path = `${queue}/${name}`;
  const status = system.files.status(path);
  if (status && (!status.isFile || status.size > limits.bodyLength)) return { kind: "damaged" };
  const found = system.files.readOptional(path);
  if (found.kind !== "text") return { kind: found.kind === "missing" ? "gone" : "unreadable" };
  const queued = parse(found.text);
  if (!isQueuedSignal(queued)) return { kind: "damaged" };
  return { kind: "signal", queued: { ...queued, url: new URL(queued.url).href } };
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
  return system.files.removeTree(`${queue}/${name}`).done;
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
  const hasLeft = system.files.rename(queued, `${rejected}/${name}`) || system.files.removeTree(queued).done;
  const names = system.files.list(rejected).sort();
  for (const old of names.slice(0, Math.max(0, names.length - limits.rejectedLength))) {
    system.files.removeTree(`${rejected}/${old}`);
  }
  return hasLeft;
}
