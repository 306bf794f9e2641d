/**
 * What a round of delivery learns about the servers, and keeps for the processes after it.
 *
 * @module
 */

import type { StateDirectory } from "../directories/state_directory.ts";
import { endOf, type Failure, nextBackoff } from "./backoff.ts";
import {
  backoffOf,
  type DeliveryState,
  nothingKnown,
  originOf,
  readDeliveryState,
  writeDeliveryState,
} from "./delivery_state.ts";
import type { Surroundings } from "./surroundings.ts";

/** The servers that signals go to, by origin: all addresses of one server share a back-off. */
export class Servers {
  readonly #directory: StateDirectory;
  readonly #ignoresBackoff: boolean;
  readonly #outside: Surroundings;
  readonly #failedOrigins = new Set<string>();
  readonly #refusedInRow = new Map<string, number>();
  #state: DeliveryState = nothingKnown;
  #nextTry = Infinity;

  /** @param ignoresBackoff Whether to try servers that are to be left alone for now, too, once each. */
  constructor(directory: StateDirectory, ignoresBackoff: boolean, outside: Surroundings) {
    this.#directory = directory;
    this.#ignoresBackoff = ignoresBackoff;
    this.#outside = outside;
  }

  /** Reads what earlier processes have learned. */
  load(): void {
    this.#state = readDeliveryState(this.#directory);
  }

  /** Forgets which servers the last pass through the queue found in a back-off. */
  beginPass(): void {
    this.#nextTry = Infinity;
  }

  /** When the first of the servers that this pass left alone may be tried again, in milliseconds since 1970. */
  get nextTry(): number {
    return this.#nextTry;
  }

  /** Reports whether a server is to be left alone now. */
  isLeftAlone(url: string): boolean {
    const backoff = backoffOf(this.#state, url, this.#outside.now());
    if (backoff) this.#nextTry = Math.min(this.#nextTry, endOf(backoff));
    return this.#ignoresBackoff ? this.#failedOrigins.has(originOf(url)) : backoff !== undefined;
  }

  /** A request was successful. */
  accepted(url: string): void {
    const origin = originOf(url);
    this.#refusedInRow.delete(origin);
    const { [origin]: _, ...backoffs } = this.#state.backoffs;
    this.#record({ lastDelivery: this.#outside.now(), backoffs });
  }

  /** A single signal was refused for good. Many in a row show that the fault is the server's. */
  refused(url: string, status: number): void {
    const reason = `status ${status}, for good: the signal was set aside`;
    this.#record({ lastError: { at: this.#outside.now(), reason } });
    const { refusedInRow } = this.#outside.limits;
    const origin = originOf(url);
    const inRow = (this.#refusedInRow.get(origin) ?? 0) + 1;
    if (inRow < refusedInRow) return void this.#refusedInRow.set(origin, inRow);
    this.#refusedInRow.delete(origin);
    this.failed(url, { answered: true, reason: `status ${status} for each of ${inRow} signals` });
  }

  /** A request was not successful: the server is left alone for a while. */
  failed(url: string, failure: Failure & { readonly reason: string }): void {
    const origin = originOf(url);
    const { limits, random } = this.#outside;
    const now = this.#outside.now();
    const backoff = nextBackoff(this.#state.backoffs[origin], failure, now, random(), limits);
    this.#failedOrigins.add(origin);
    this.#nextTry = Math.min(this.#nextTry, endOf(backoff));
    this.#record({
      lastError: { at: now, reason: failure.reason },
      backoffs: { ...this.#state.backoffs, [origin]: backoff },
    });
  }

  /** Signals were given up because they were too many, too old or damaged. */
  dropped(count: number): void {
    if (count > 0) this.#record({ dropped: this.#state.dropped + count });
  }

  #record(changes: Partial<DeliveryState>): void {
    this.#state = { ...this.#state, ...changes };
    writeDeliveryState(this.#directory, this.#state, this.#outside.now());
  }
}
