/**
 * Signals that are settled, taken or refused for good, although their files cannot be deleted. They are remembered
 * until the files are gone, so that none is sent twice.
 *
 * @module
 */

import type { StateDirectory } from "../directories/state_directory.ts";
import { system } from "../system/mod.ts";

/** Returns the names of the files of settled signals. */
export function readSettled({ settled }: StateDirectory): ReadonlySet<string> {
  const found = system.files.readOptional(settled);
  if (found.kind !== "text") return new Set();
  try {
    const names = JSON.parse(found.text);
    return new Set(Array.isArray(names) ? names.filter((name) => typeof name === "string") : []);
  } catch {
    return new Set();
  }
}

/** Remembers settled signals. Returns false if that fails. */
export function rememberSettled(state: StateDirectory, names: readonly string[]): boolean {
  return writeSettled(state, [...new Set([...readSettled(state), ...names])]);
}

/** Tries again to delete the files of settled signals, and forgets those that are gone. */
export function removeSettled(state: StateDirectory): void {
  const names = [...readSettled(state)];
  if (names.length === 0) return;
  const left = names.filter((name) => !system.files.removeTree(`${state.queue}/${name}`).done);
  if (left.length < names.length) writeSettled(state, left);
}

function writeSettled({ settled }: StateDirectory, names: readonly string[]): boolean {
  if (names.length === 0) return system.files.remove(settled);
  return system.files.replace(settled, JSON.stringify(names)).done;
}
