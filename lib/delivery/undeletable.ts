/**
 * Signals that were accepted or refused for good, but whose files cannot be deleted. They are remembered
 * until the files are gone, so that none is sent twice.
 *
 * @module
 */

import type { StateDirectory } from "../directories/state_directory.ts";
import { system } from "../system/mod.ts";

/** Returns the names of the files of these signals. */
export function readUndeletable({ undeletable }: StateDirectory): ReadonlySet<string> {
  const found = system.files.readOptional(undeletable);
  if (found.kind !== "text") return new Set();
  try {
    const names = JSON.parse(found.text);
    return new Set(Array.isArray(names) ? names.filter((name) => typeof name === "string") : []);
  } catch {
    return new Set();
  }
}

/** Remembers such signals. Returns false if that fails. */
export function rememberUndeletable(state: StateDirectory, names: readonly string[]): boolean {
  return writeUndeletable(state, [...new Set([...readUndeletable(state), ...names])]);
}

/** Tries again to delete the files of these signals, and forgets those that are gone. */
export function removeUndeletable(state: StateDirectory): void {
  const names = [...readUndeletable(state)];
  if (names.length === 0) return;
  const left = names.filter((name) => !system.files.removeTree(`${state.queue}/${name}`).done);
  if (left.length < names.length) writeUndeletable(state, left);
}

function writeUndeletable({ undeletable }: StateDirectory, names: readonly string[]): boolean {
  if (names.length === 0) return system.files.remove(undeletable);
  return system.files.replace(undeletable, JSON.stringify(names)).done;
}
