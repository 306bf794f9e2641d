/**
 * Delivery: sends what is queued in batches, oldest first, and deletes what was accepted. Whatever
 * was neither accepted nor refused for good stays.
 *
 * The files are the truth: a batch is looked up again before each request, so that what was deleted
 * in the meantime (by opting out, above all) is not sent.
 *
 * @module
 */

import { type Failure, nextBackoff } from "./backoff.ts";
import { askConsent } from "../consent/consent.ts";
import { debug, isDebugging } from "../messages.ts";
import { isAskedToYield } from "./courier_start.ts";
import {
  backoffOf,
  type DeliveryState,
  nothingKnown,
  originOf,
  readDeliveryState,
  writeDeliveryState,
} from "./state.ts";
import { limits } from "./limits.ts";
import { pause } from "./pause.ts";
import { post, type PostOutcome, requestBody } from "./post.ts";
import {
  isWritableQueue,
  listQueue,
  readQueued,
  recordedAt,
  removeQueued,
  setAside,
  tidyQueue,
} from "./queue_reader.ts";
import { runtime } from "../runtime/mod.ts";
import { type Signal, withReceivedAt } from "../signal/signal.ts";
import { isWaiting } from "./queue.ts";
import { completeVersion } from "../profile/tool_version.ts";

/** How to deliver. */
export interface DeliveryOptions {
  /** Whether to wait a little for more signals before a request. */
  readonly gathers: boolean;
  /** Whether to try servers that are to be left alone for now, too, once each. */
  readonly ignoresBackoff: boolean;
  /** For how long to stay without progress, waiting for a server to be tried again; in milliseconds. */
  readonly patience: number;
  /** Whether to end when somebody asks to take over. */
  readonly yields: boolean;
  /** When to end at the latest, by `performance.now()`. */
  readonly deadline?: number;
  /** Told how many signals are settled, delivered or set aside, after each request. */
  readonly onProgress?: (settled: number) => void;
}

const lookEvery = 100;

/** A signal on its way. */
interface Parcel {
  readonly name: string;
  readonly signal: Signal;
  /** Bytes of JSON. */
  readonly length: number;
}

/** One round of delivery by whoever holds the courier's lock. */
export class Delivery {
  readonly #directory: string;
  readonly #options: DeliveryOptions;
  #state: DeliveryState = nothingKnown;
  #lastProgress: number = performance.now();
  #settled = 0;
  #isOver = false;
  /** The signals that stay, as far as the last pass has seen. */
  #held = new Set<string>();
  /** When the first of the servers that are left alone may be tried again. */
  #nextTry = Infinity;
  readonly #failedOrigins = new Set<string>();
  readonly #refusedInRow = new Map<string, number>();

  constructor(directory: string, options: DeliveryOptions) {
    this.#directory = directory;
    this.#options = options;
  }

  /** Whether signals wait that this round has not seen. */
  hasNews(): boolean {
    return !this.#isOver && listQueue(this.#directory).some((name) => !this.#held.has(name));
  }

  /** Delivers until nothing is left that can be delivered soon. */
  async run(): Promise<void> {
    this.#state = readDeliveryState(this.#directory);
    for (let length = limits.firstPause;; length = Math.min(length * 2, limits.longestPause)) {
      if (this.#options.gathers) await this.#pause(length);
      if (this.#isToEnd()) return;
      const names = this.#tidy();
      const settledBefore = this.#settled;
      await this.#sendAll(names);
      if (names.length === 0 || this.#isToEnd()) return;
      if (this.#settled > settledBefore) continue;
      const wait = this.#nextTry - Date.now();
      if (performance.now() + wait > this.#lastProgress + this.#options.patience) return;
      await this.#pause(Math.min(Math.max(wait, 0), limits.longestPause));
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    for (let left = milliseconds; left > 0; left = end - performance.now()) {
      if (this.#isAskedToYield()) return;
      await pause(Math.min(left, lookEvery));
    }
  }

  #isAskedToYield(): boolean {
    return this.#options.yields && isAskedToYield(this.#directory);
  }

  #tidy(): readonly string[] {
    const { names, dropped } = tidyQueue(this.#directory, Date.now(), limits);
    this.#drop(dropped);
    return names;
  }

  /** Goes through the queue once. */
  async #sendAll(names: readonly string[]): Promise<void> {
    this.#held = new Set();
    this.#nextTry = Infinity;
    const batches = new Map<string, Parcel[]>();
    for (const name of names) {
      if (this.#isOver) return;
      const found = await this.#open(name);
      if (!found) continue;
      const { url, parcel } = found;
      const batch = batches.get(url) ?? [];
      if (fits(batch, parcel)) {
        batches.set(url, [...batch, parcel]);
        continue;
      }
      batches.set(url, [parcel]);
      await this.#send(url, batch);
    }
    for (const [url, batch] of batches) await this.#send(url, batch);
  }

  async #open(name: string): Promise<{ url: string; parcel: Parcel } | undefined> {
    const read = readQueued(this.#directory, name, limits);
    if (read.kind === "damaged" && removeQueued(this.#directory, name)) this.#drop(1);
    if (read.kind !== "signal") {
      this.#held.add(name);
      return undefined;
    }
    const { url } = read.entry;
    if (this.#isLeftAlone(url)) {
      this.#held.add(name);
      return undefined;
    }
    const completed = await completeVersion(this.#directory, read.entry);
    const signal = withReceivedAt(completed, recordedAt(name), Date.now());
    return { url, parcel: { name, signal, length: byteLength(JSON.stringify(signal)) } };
  }

  async #send(url: string, parcels: readonly Parcel[]): Promise<void> {
    const waiting = parcels.filter(({ name }) => isWaiting(this.#directory, name));
    if (waiting.length === 0) return;
    if (this.#isToEnd() || this.#isLeftAlone(url)) return this.#hold(waiting);
    const outcome = await post(url, requestBody(waiting.map(({ signal }) => signal)), this.#timeout());
    if (isDebugging()) debug(describeRequest(url, waiting, outcome));
    if (outcome.kind === "accepted") return this.#accept(url, waiting);
    // Cut off by this process's own deadline: that says nothing of the server.
    if (outcome.kind === "failed" && !outcome.answered && this.#timeLeft() <= 0) return this.#hold(waiting);
    if (outcome.kind === "failed") return this.#fail(url, waiting, outcome);
    if (waiting.length === 1) return this.#refuse(url, waiting[0], outcome.status);
    const half = Math.ceil(waiting.length / 2);
    await this.#send(url, waiting.slice(0, half));
    await this.#send(url, waiting.slice(half));
  }

  /** Asked before each request; once it is so, it stays so. */
  #isToEnd(): boolean {
    const idle = performance.now() - this.#lastProgress;
    this.#isOver ||= this.#timeLeft() <= 0 || idle > limits.progressTimeout ||
      this.#isAskedToYield() || !askConsent(runtime.env).given || !isWritableQueue(this.#directory);
    return this.#isOver;
  }

  #isLeftAlone(url: string): boolean {
    const origin = originOf(url);
    const backoff = backoffOf(this.#state, url, Date.now());
    if (backoff) this.#nextTry = Math.min(this.#nextTry, backoff.since + backoff.delay);
    return this.#options.ignoresBackoff ? this.#failedOrigins.has(origin) : backoff !== undefined;
  }

  #timeLeft(): number {
    return (this.#options.deadline ?? Infinity) - performance.now();
  }

  /** Whole milliseconds: of others Node.js makes no timeout. */
  #timeout(): number {
    return Math.min(limits.timeout, Math.max(1, Math.ceil(this.#timeLeft())));
  }

  #hold(parcels: readonly Parcel[]): void {
    for (const { name } of parcels) this.#held.add(name);
  }

  #accept(url: string, parcels: readonly Parcel[]): void {
    const left = parcels.filter(({ name }) => !removeQueued(this.#directory, name));
    // What cannot be deleted would be sent again and again.
    if (left.length > 0) this.#isOver = true;
    const origin = originOf(url);
    this.#refusedInRow.delete(origin);
    const { [origin]: _, ...backoffs } = this.#state.backoffs;
    this.#settle(parcels.length, { lastDelivery: Date.now(), backoffs });
  }

  #refuse(url: string, { name }: Parcel, status: number): void {
    // What cannot leave the queue would be sent again and again.
    if (!setAside(this.#directory, name, limits)) this.#isOver = true;
    const reason = `status ${status}, for good: the signal was set aside`;
    this.#settle(1, { lastError: { at: Date.now(), reason } });
    const origin = originOf(url);
    const inRow = (this.#refusedInRow.get(origin) ?? 0) + 1;
    this.#refusedInRow.set(origin, inRow % limits.refusedInRow);
    if (inRow < limits.refusedInRow) return;
    this.#fail(url, [], { answered: true, reason: `status ${status} for each of ${inRow} signals` });
  }

  #fail(url: string, parcels: readonly Parcel[], failure: Failure & { readonly reason: string }): void {
    this.#hold(parcels);
    const origin = originOf(url);
    const now = Date.now();
    const backoff = nextBackoff(this.#state.backoffs[origin], failure, now, Math.random(), limits);
    this.#failedOrigins.add(origin);
    this.#nextTry = Math.min(this.#nextTry, now + backoff.delay);
    this.#record({
      lastError: { at: now, reason: failure.reason },
      backoffs: { ...this.#state.backoffs, [origin]: backoff },
    });
  }

  #settle(count: number, changes: Partial<DeliveryState>): void {
    this.#settled += count;
    this.#lastProgress = performance.now();
    this.#record(changes);
    this.#options.onProgress?.(this.#settled);
  }

  #drop(count: number): void {
    if (count > 0) this.#record({ dropped: this.#state.dropped + count });
  }

  #record(changes: Partial<DeliveryState>): void {
    this.#state = { ...this.#state, ...changes };
    writeDeliveryState(this.#directory, this.#state, Date.now());
  }
}

function fits(batch: readonly Parcel[], { length }: Parcel): boolean {
  const brackets = 2;
  const total = batch.reduce((sum, parcel) => sum + parcel.length + 1, brackets);
  return batch.length < limits.batchLength && total + length <= limits.bodyLength;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function describeRequest(url: string, parcels: readonly Parcel[], outcome: PostOutcome): string {
  const signals = parcels.map(({ signal }) => `signal: ${JSON.stringify(signal)}`);
  const end = outcome.kind === "accepted"
    ? "taken"
    : outcome.kind === "refused"
    ? `refused for good: status ${outcome.status}`
    : `failed, kept for later: ${outcome.reason}`;
  return [...signals, `${parcels.length} sent to ${url}: ${end}`].join("\n");
}
