/**
 * The spool: the folder in which signals wait for delivery. A file is a whole signal and its name
 * says when it was recorded, so that names sort by age; a name that begins with a dot is a file that
 * is still being written.
 *
 * @module
 */

import type { Signal } from "./signal.ts";
import type { VersionCall } from "./tool_version.ts";
import { system } from "./system/mod.ts";

/** A signal that waits, with what its delivery needs to know. */
export interface SpooledSignal {
  /** Where it goes. */
  readonly url: string;
  /** When its run was, in milliseconds since 1970. */
  readonly recordedAt: number;
  readonly signal: Signal;
  /** How to ask for the tool's version, which the signal waits for. */
  readonly versionCall?: VersionCall;
}

/** The folder of waiting signals within the state directory. */
export function queueDirectory(stateDirectory: string): string {
  return `${stateDirectory}/queue`;
}

/**
 * Adds a signal: one file, renamed into place, so that a kill at any moment leaves a whole signal or none.
 *
 * @returns False where it cannot be written.
 */
export function spool(stateDirectory: string, entry: SpooledSignal): boolean {
  const queue = queueDirectory(stateDirectory);
  const name = `${String(entry.recordedAt).padStart(15, "0")}-${crypto.randomUUID()}.json`;
  const unfinished = `${queue}/.${name}`;
  const text = JSON.stringify(entry);
  if (!system.files.create(unfinished, text)) {
    makeDirectories(queue);
    if (!system.files.create(unfinished, text)) {
      system.files.remove(unfinished);
      return false;
    }
  }
  return system.files.rename(unfinished, `${queue}/${name}`);
}

function makeDirectories(path: string): void {
  const parent = path.slice(0, path.lastIndexOf("/"));
  if (parent !== "" && !system.files.exists(parent)) makeDirectories(parent);
  system.files.makeDirectory(path);
}

/** Whether anything may be waiting; looks at the folder only, not into it. */
export function hasQueue(stateDirectory: string): boolean {
  return system.files.exists(queueDirectory(stateDirectory));
}

/** Deletes all that waits, unread. */
export function clearQueue(stateDirectory: string): void {
  process.getBuiltinModule("node:fs").rmSync(queueDirectory(stateDirectory), {
    recursive: true,
    force: true,
  });
}

/** Lists the names of the waiting signals, oldest first. */
export function listQueue(stateDirectory: string): string[] {
  const { readdirSync } = process.getBuiltinModule("node:fs");
  try {
    const names: string[] = readdirSync(queueDirectory(stateDirectory));
    return names.filter((name) => /^\d.*\.json$/.test(name)).sort();
  } catch {
    return [];
  }
}

/** Reads a waiting signal; nothing if it is gone or is not one. */
export function readSpooled(stateDirectory: string, name: string): SpooledSignal | undefined {
  const { readFileSync } = process.getBuiltinModule("node:fs");
  try {
    const entry = JSON.parse(readFileSync(`${queueDirectory(stateDirectory)}/${name}`, "utf8"));
    return isSpooled(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}

function isSpooled(entry: Partial<SpooledSignal> | null): entry is SpooledSignal {
  return typeof entry?.url === "string" && typeof entry.recordedAt === "number" &&
    typeof entry.signal === "object";
}

/** Deletes a signal that was delivered. */
export function removeSpooled(stateDirectory: string, name: string): void {
  process.getBuiltinModule("node:fs").rmSync(`${queueDirectory(stateDirectory)}/${name}`, { force: true });
}
