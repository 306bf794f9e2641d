/**
 * The queue of signals that wait for delivery, as far as each run needs it; `queue_reader.ts` is the rest. A file
 * is a whole signal. Its name says when it was recorded, so that names sort by age. A name that begins with a
 * dot is a file that is still being written.
 *
 * @module
 */

import { makeQueue, type StateDirectory } from "../directories/state_directory.ts";
import type { VersionCall } from "../profile/version_call.ts";
import type { Signal } from "../signal/signal.ts";
import { type Change, system } from "../system/mod.ts";
import { moveAside } from "./misplaced.ts";

/** A signal that waits, with what its delivery needs to know. */
export interface QueuedSignal {
  /** Where it goes, as `URL` writes it. */
  readonly url: string;
  readonly signal: Signal;
  /** How to ask for the tool's version, which the signal waits for. */
  readonly versionCall?: VersionCall;
}

/** Names a signal's file by the time of its run, in milliseconds since 1970. */
export function fileNameOf(recordedAt: number, id: string): string {
  return `${String(Math.max(0, recordedAt)).padStart(15, "0")}-${id}.json`;
}

/**
 * Adds a signal: one file, renamed into place, so that a kill at any moment leaves a whole signal or none.
 *
 * @returns The file's name, `undefined` if it cannot be written.
 */
export function enqueue(
  state: StateDirectory,
  queued: QueuedSignal,
  recordedAt: number,
): string | undefined {
  const { queue } = state;
  const name = fileNameOf(recordedAt, crypto.randomUUID());
  const unfinished = `${queue}/.${name}`;
  const text = JSON.stringify(queued);
  if (!system.files.create(unfinished, text)) {
    moveAside(queue, "directory");
    makeQueue(state);
    if (!system.files.create(unfinished, text)) return giveUp(unfinished);
  }
  return system.files.rename(unfinished, `${queue}/${name}`) ? name : giveUp(unfinished);
}

function giveUp(unfinished: string): undefined {
  system.files.remove(unfinished);
}

/** Reports whether the queue's directory exists. Does not read it. */
export function hasQueue({ queue }: StateDirectory): boolean {
  return system.files.exists(queue);
}

/** Reports whether this signal still waits. */
export function isQueued({ queue }: StateDirectory, name: string): boolean {
  return system.files.exists(`${queue}/${name}`);
}

/** Deletes all that waits, all that was refused and what is known of all that was sent, unread. */
export function clearQueue({ queue, rejected, sent, undeletable }: StateDirectory): Change {
  system.files.remove(sent);
  const removed = system.files.removeTree(rejected);
  const cleared = system.files.removeTree(queue);
  if (cleared.done) system.files.remove(undeletable);
  return cleared.done ? removed : cleared;
}
