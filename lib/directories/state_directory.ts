/**
 * The state directory: what has to outlive a process and is not worth a backup. Making a
 * {@linkcode StateDirectory} touches no disk. `ARCHITECTURE.md` has its files as a table.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import type { Environment } from "../runtime/runtime.ts";
import { folderOf } from "../system/files.ts";
import { system } from "../system/mod.ts";
import { joinPath, stateDirectoryPath } from "./paths.ts";

/** From a home directory down to the queue: `.local/state/gs-telemetry/queue`. Windows makes the first two. */
const levelsBelowHome = runtime.os === "windows" ? 2 : 4;

/** Every path in the state directory, with who writes and who reads it. */
export class StateDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Waiting signals, one file each. Each run adds, the lock's holder reads and deletes, an opt-out deletes all.
   * Harmless: a reader never sees half of a file, since files are renamed into place, and it looks again before
   * each request, so that a signal deleted meanwhile is not sent.
   */
  get queue(): string {
    return joinPath(this.path, "queue");
  }

  /** Signals that a server has refused for good. Written by the lock's holder, counted by `status`. */
  get rejected(): string {
    return joinPath(this.path, "rejected");
  }

  /**
   * Locked by whoever delivers. Its content means nothing. Harmless: a run that looks at the lock holds it for
   * an instant, so a courier tries more than once.
   */
  get courierLock(): string {
    return joinPath(this.path, "courier.lock");
  }

  /**
   * Asks the courier at work to end before its next request. Written by a flush or a run that waits, deleted by
   * the next holder of the lock. Harmless: one that a dead process left costs one courier a pause.
   */
  get yieldRequest(): string {
    return joinPath(this.path, "courier.yield");
  }

  /** Back-offs, last delivery and last error. Replaced by the lock's holder, read by each run. */
  get deliveryState(): string {
    return joinPath(this.path, "delivery.json");
  }

  /**
   * The names of signals that were accepted or refused but cannot be deleted. Replaced by the lock's holder, read by
   * it and by `status`; missing nearly always.
   */
  get undeletable(): string {
    return joinPath(this.path, "undeletable.json");
  }

  /**
   * The user's profiles, checked and compiled. Replaced by the courier, read by runs. Harmless: a run that finds
   * it out of date reads the profiles themselves.
   */
  get profileCache(): string {
    return joinPath(this.path, "profiles.cache");
  }

  /** The last signals that were sent. Replaced by the lock's holder, read by `status --sent`, deleted by an opt-out. */
  get sent(): string {
    return joinPath(this.path, "sent.json");
  }

  /** The versions of tools, by the hash of executable and arguments. Replaced and read by the courier. */
  get toolVersions(): string {
    return joinPath(this.path, "versions.json");
  }

  /**
   * An empty directory: a run was counted as the bare tool although it had words that may be commands. Made by such
   * a run, deleted by `learn --save`, looked at by `status`. Harmless: it only tells that a profile may be old.
   */
  unlisted(profile: string): string {
    return `${this.path}/unlisted-${encodeURIComponent(profile)}`;
  }

  /**
   * An empty directory: the user has seen the notice. Made by the run that shows it, and by `enable`. Of several
   * runs at once exactly one makes it and shows the notice.
   *
   * @param tool The tool with a notice of its own, which uses the library.
   */
  noticeShown(tool?: string): string {
    return joinPath(this.path, `notice-shown${tool === undefined ? "" : `-${encodeURIComponent(tool)}`}`);
  }
}

/** Finds the state directory. Returns `undefined` if the user has no home directory. */
export function findStateDirectory(env: Environment): StateDirectory | undefined {
  const path = stateDirectoryPath(env);
  return path === undefined ? undefined : new StateDirectory(path);
}

/** Makes the queue and the directories above it, but no home directory: if that is missing, it is meant to be. */
export function makeQueue({ queue }: StateDirectory): void {
  system.files.makeDirectories(queue, levelsBelowHome);
}

/**
 * Makes the directory that remembers that the notice was shown.
 *
 * @returns Whether this process has made it. False if that failed or it was there.
 */
export function rememberNotice(state: StateDirectory, tool?: string): boolean {
  system.files.makeDirectories(state.path, levelsBelowHome - 1);
  return system.files.makeDirectory(state.noticeShown(tool));
}

/** Reports whether a signal could be kept: in the queue or, if there is none yet, where it would be made. */
export function isStateWritable({ queue }: StateDirectory): boolean {
  let directory = queue;
  for (let level = 0; level < levelsBelowHome && !system.files.exists(directory); level++) {
    directory = folderOf(directory);
  }
  return system.files.isWritable(`${directory}/.`);
}
