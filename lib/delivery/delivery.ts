/**
 * Delivery: sends what is queued in batches, oldest first, and deletes what was accepted. Whatever was neither
 * accepted nor refused for good stays.
 *
 * The files are the truth: a batch is looked up again before each request, so that what was deleted meanwhile,
 * above all by opting out, is not sent.
 *
 * @module
 */

import type { StateDirectory } from "../directories/state_directory.ts";
import { debug, isDebugging } from "../messages.ts";
import { completeVersion } from "../profile/tool_version.ts";
import { withReceivedAt } from "../signal/signal.ts";
import { describeRequest, fits, outgoing, type OutgoingSignal, requestBody } from "./batch.ts";
import { isYieldRequested } from "./courier_lock.ts";
import { isQueued } from "./queue.ts";
import {
  isWritableQueue,
  listQueue,
  readQueued,
  recordedAt,
  removeQueued,
  setAside,
  tidyQueue,
} from "./queue_reader.ts";
import { forgetSent, keepSent, type SentSignal } from "./sent.ts";
import { Servers } from "./servers.ts";
import { rememberUndeletable } from "./undeletable.ts";
import type { Surroundings } from "./surroundings.ts";

/** How to deliver. */
export interface DeliveryOptions {
  /** Whether to wait a little for more signals before each request. */
  readonly gathers: boolean;
  /** Whether to try servers that are to be left alone for now, too, once each. */
  readonly ignoresBackoff: boolean;
  /** For how long to stay without progress until a server may be tried again, in milliseconds. */
  readonly patience: number;
  /** Whether to end when somebody asks to take over. */
  readonly yields: boolean;
  /** When to end at the latest, by `Surroundings.uptime`. */
  readonly deadline?: number;
  /** Is told after each request how many signals are settled: delivered or set aside. */
  readonly onProgress?: (settled: number) => void;
}

const pollInterval = 100;

/** One round of delivery by the process that has the courier's lock. */
export class Delivery {
  readonly #directory: StateDirectory;
  readonly #options: DeliveryOptions;
  readonly #outside: Surroundings;
  readonly #servers: Servers;
  #lastProgress: number;
  #settled = 0;
  #isOver = false;
  /** The signals that stay, as far as the last pass has seen. */
  #held = new Set<string>();

  constructor(directory: StateDirectory, options: DeliveryOptions, outside: Surroundings) {
    this.#directory = directory;
    this.#options = options;
    this.#outside = outside;
    this.#servers = new Servers(directory, options.ignoresBackoff, outside);
    this.#lastProgress = outside.uptime();
  }

  /** Reports whether signals wait that this round has not seen. */
  hasNews(): boolean {
    return !this.#isOver && listQueue(this.#directory).some((name) => !this.#held.has(name));
  }

  /** Delivers until nothing is left that can be delivered soon. */
  async run(): Promise<void> {
    const { firstPause, longestPause } = this.#outside.limits;
    this.#servers.load();
    for (let length = firstPause;; length = Math.min(length * 2, longestPause)) {
      if (this.#options.gathers) await this.#pause(length);
      if (this.#isToEnd()) return;
      const names = this.#tidy();
      const settledBefore = this.#settled;
      await this.#sendAll(names);
      if (names.length === 0 || this.#isToEnd()) return;
      if (this.#settled > settledBefore) continue;
      const wait = this.#servers.nextTry - this.#outside.now();
      if (this.#outside.uptime() + wait > this.#lastProgress + this.#options.patience) return;
      await this.#pause(Math.min(Math.max(wait, 0), longestPause));
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    const end = this.#outside.uptime() + milliseconds;
    for (let left = milliseconds; left > 0; left = end - this.#outside.uptime()) {
      if (this.#isToYield()) return;
      await this.#outside.pause(Math.min(left, pollInterval));
    }
  }

  #isToYield(): boolean {
    return this.#options.yields && isYieldRequested(this.#directory);
  }

  #tidy(): readonly string[] {
    const { names, dropped } = tidyQueue(this.#directory, this.#outside.now(), this.#outside.limits);
    this.#servers.dropped(dropped);
    return names;
  }

  /** Goes through the queue once. */
  async #sendAll(names: readonly string[]): Promise<void> {
    this.#held = new Set();
    this.#servers.beginPass();
    const batches = new Map<string, OutgoingSignal[]>();
    for (const name of names) {
      if (this.#isOver) return;
      const found = await this.#open(name);
      if (!found) continue;
      const { url, next } = found;
      const batch = batches.get(url) ?? [];
      if (fits(batch, next, this.#outside.limits)) {
        batches.set(url, [...batch, next]);
        continue;
      }
      batches.set(url, [next]);
      await this.#send(url, batch);
    }
    for (const [url, batch] of batches) await this.#send(url, batch);
  }

  async #open(name: string): Promise<{ url: string; next: OutgoingSignal } | undefined> {
    const read = readQueued(this.#directory, name, this.#outside.limits);
    if (read.kind === "damaged" && removeQueued(this.#directory, name)) this.#servers.dropped(1);
    if (read.kind !== "signal" || this.#servers.isLeftAlone(read.queued.url)) {
      this.#held.add(name);
      return undefined;
    }
    const completed = await completeVersion(this.#directory, read.queued);
    const signal = withReceivedAt(completed, recordedAt(name), this.#outside.now());
    return { url: read.queued.url, next: outgoing(name, signal) };
  }

  async #send(url: string, batch: readonly OutgoingSignal[]): Promise<void> {
    const waiting = batch.filter(({ name }) => isQueued(this.#directory, name));
    if (waiting.length === 0) return;
    if (this.#isToEnd() || this.#servers.isLeftAlone(url)) return this.#hold(waiting);
    const outcome = await this.#outside.post(url, requestBody(waiting), this.#timeout());
    if (isDebugging()) debug(describeRequest(url, waiting, outcome));
    if (outcome.kind === "accepted") return this.#accept(url, waiting);
    if (outcome.kind === "failed") {
      this.#hold(waiting);
      // Cut off by this process's own deadline: that says nothing of the server.
      const isCutOff = !outcome.answered && this.#timeLeft() <= 0;
      return isCutOff ? undefined : this.#servers.failed(url, outcome);
    }
    if (waiting.length === 1) return this.#refuse(url, waiting[0], outcome.status);
    const half = Math.ceil(waiting.length / 2);
    await this.#send(url, waiting.slice(0, half));
    await this.#send(url, waiting.slice(half));
  }

  /** Asked before each request. Once it is true, it stays so. */
  #isToEnd(): boolean {
    const idle = this.#outside.uptime() - this.#lastProgress;
    this.#isOver ||= this.#timeLeft() <= 0 || idle > this.#outside.limits.progressTimeout ||
      this.#isToYield() || !this.#outside.hasConsent() || !isWritableQueue(this.#directory);
    return this.#isOver;
  }

  #timeLeft(): number {
    return (this.#options.deadline ?? Infinity) - this.#outside.uptime();
  }

  /** Whole milliseconds: Node.js makes no timeout of others. */
  #timeout(): number {
    return Math.min(this.#outside.limits.timeout, Math.max(1, Math.ceil(this.#timeLeft())));
  }

  #hold(signals: readonly OutgoingSignal[]): void {
    for (const { name } of signals) this.#held.add(name);
  }

  /** An opt-out during the request has deleted what was kept, and nothing is to be kept from then on. */
  #keepSent(to: string, signals: readonly OutgoingSignal[], outcome: SentSignal["outcome"]): void {
    const at = new Date(this.#outside.now()).toISOString();
    // What is gone from the queue was deleted by an opt-out meanwhile, which wants nothing to be kept.
    const waiting = signals.filter(({ name }) => isQueued(this.#directory, name));
    if (waiting.length === 0) return;
    keepSent(this.#directory, waiting.map(({ signal }) => ({ at, to, outcome, signal })));
    if (!this.#outside.hasConsent()) forgetSent(this.#directory);
  }

  #accept(url: string, signals: readonly OutgoingSignal[]): void {
    this.#keepSent(url, signals, "taken");
    const left = signals.filter(({ name }) => !removeQueued(this.#directory, name));
    this.#keepSettled(left.map(({ name }) => name));
    this.#servers.accepted(url);
    this.#settle(signals.length);
  }

  #refuse(url: string, refused: OutgoingSignal, status: number): void {
    const { name } = refused;
    this.#keepSent(url, [refused], "refused");
    if (!setAside(this.#directory, name, this.#outside.limits)) this.#keepSettled([name]);
    this.#servers.refused(url, status);
    this.#settle(1);
  }

  /** What can neither leave the queue nor be remembered would be sent again and again. */
  #keepSettled(names: readonly string[]): void {
    if (names.length > 0 && !rememberUndeletable(this.#directory, names)) this.#isOver = true;
  }

  #settle(count: number): void {
    this.#settled += count;
    this.#lastProgress = this.#outside.uptime();
    this.#options.onProgress?.(this.#settled);
  }
}
