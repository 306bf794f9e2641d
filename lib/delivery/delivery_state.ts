/**
 * What is known about delivery from one process to the next. The holder of the courier's lock writes it and each
 * run reads it, so that a server that is down costs the next commands nothing.
 *
 * @module
 */

import { type Backoff, isInForce } from "./backoff.ts";
import type { StateDirectory } from "../directories/state_directory.ts";
import { system } from "../system/mod.ts";

/** How delivery went so far; times in milliseconds since 1970. */
export interface DeliveryState {
  readonly lastDelivery?: number;
  readonly lastError?: { readonly at: number; readonly reason: string };
  /** Signals given up because they were too many, too old or damaged. */
  readonly dropped: number;
  /** The servers to leave alone, by origin. */
  readonly backoffs: Readonly<Record<string, Backoff>>;
}

const forgetAfter = 7 * 24 * 3_600_000;

/** What is known before the first delivery. */
export const nothingKnown: DeliveryState = { dropped: 0, backoffs: {} };

/** Reads what is known. Returns `nothingKnown` if the file is missing or damaged. */
export function readDeliveryState({ deliveryState }: StateDirectory): DeliveryState {
  try {
    const state = JSON.parse(system.files.read(deliveryState) ?? "null");
    return isDeliveryState(state) ? state : nothingKnown;
  } catch {
    return nothingKnown;
  }
}

function isDeliveryState(state: Partial<DeliveryState> | null): state is DeliveryState {
  if (!state?.backoffs) return false;
  const { lastDelivery = 0, lastError = { at: 0, reason: "" }, dropped, backoffs } = state;
  return [lastDelivery, lastError.at, dropped].every(Number.isSafeInteger) &&
    typeof lastError.reason === "string" && Object.values(backoffs).every(isBackoff);
}

function isBackoff(backoff: Partial<Backoff> | null): boolean {
  const { failures, unanswered, since, delay } = backoff ?? {};
  return [failures, unanswered, since, delay].every(Number.isSafeInteger);
}

/** Replaces what is known, atomically. Servers that were not tried for a week are forgotten. */
export function writeDeliveryState(
  { deliveryState }: StateDirectory,
  state: DeliveryState,
  now: number,
): void {
  const current = Object.entries(state.backoffs).filter(([, { since }]) =>
    Math.abs(now - since) < forgetAfter
  );
  system.files.replace(deliveryState, JSON.stringify({ ...state, backoffs: Object.fromEntries(current) }));
}

/** Returns what back-offs are kept by: all addresses of one server share one. */
export function originOf(url: string): string {
  return new URL(url).origin;
}

/**
 * Returns the back-off of this address's server, if it is to be left alone now.
 *
 * @param url As `URL` writes it. So it begins with its origin, and a run need not parse it, which takes long.
 */
export function backoffOf(state: DeliveryState, url: string, now: number): Backoff | undefined {
  const origin = Object.keys(state.backoffs).find((known) => url.startsWith(`${known}/`));
  const backoff = origin === undefined ? undefined : state.backoffs[origin];
  return isInForce(backoff, now) ? backoff : undefined;
}
