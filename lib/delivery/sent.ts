/**
 * The last signals that left this machine, for their user to see (`status --sent`). Nothing else reads them.
 *
 * @module
 */

import type { StateDirectory } from "../directories/state_directory.ts";
import type { Signal } from "../signal/signal.ts";
import { system } from "../system/mod.ts";

/** A signal that a server has answered. */
export interface SentSignal {
  /** When, in ISO 8601, UTC. */
  readonly at: string;
  /** Where it went. */
  readonly to: string;
  /** Whether the server took it or refused it for good. */
  readonly outcome: "taken" | "refused";
  /** The signal as it was sent. */
  readonly signal: Signal;
}

const mostKept = 20;
// As much as is read at once; twenty signals have a few kilobytes.
const mostBytes = 65_536;

/** Reads the last signals, the newest last. None if the file is missing or damaged. */
export function readSent({ sent }: StateDirectory): SentSignal[] {
  try {
    const list = JSON.parse(system.files.read(sent) ?? "[]");
    return Array.isArray(list) ? list.filter(isSent) : [];
  } catch {
    return [];
  }
}

function isSent({ at, to, outcome, signal }: Partial<SentSignal>): boolean {
  return typeof at === "string" && typeof to === "string" && typeof outcome === "string" &&
    typeof signal?.payload === "object";
}

/** Adds signals that were sent, and forgets the oldest. Gives up silently if the file cannot be written. */
export function keepSent(state: StateDirectory, signals: readonly SentSignal[]): void {
  let kept = [...readSent(state), ...signals].slice(-mostKept);
  while (new TextEncoder().encode(JSON.stringify(kept)).length > mostBytes) kept = kept.slice(1);
  system.files.replace(state.sent, JSON.stringify(kept));
}

/** Deletes what is kept. */
export function forgetSent({ sent }: StateDirectory): void {
  system.files.remove(sent);
}
