/**
 * A local ingest server that speaks TelemetryDeck's API v2: for tests, demonstrations, and to see for
 * oneself what is sent.
 *
 * @module
 */

import type { Server } from "node:http";
import { ingest } from "./ingest.ts";
import type { IngestedSignal } from "./schema.ts";
import { describeFailure } from "./store.ts";

/** Where a sink listens and what it does with what arrives. */
export interface SinkOptions {
  /** An address of this machine; 127.0.0.1 if not given. */
  readonly hostname?: string;
  /** 0, or nothing, for any that is free. */
  readonly port?: number;
  /** A file that gets each signal as a line of JSON. */
  readonly store?: string;
  /** Is given each signal. */
  readonly onSignal?: (signal: IngestedSignal) => void;
  /** Is told of each request that was refused, by its status and the field or the reason. */
  readonly onRefusal?: (refusal: string) => void;
}

/** A server that takes signals. */
export interface Sink {
  /** Where to send signals. */
  readonly endpoint: string;
  /** All that has arrived. */
  readonly signals: readonly IngestedSignal[];
  /** All that was refused, by status and field or reason. */
  readonly refusals: readonly string[];
  /** Waits until that many signals have arrived, for as long as it takes. */
  waitFor(count: number): Promise<readonly IngestedSignal[]>;
  /** Stops listening. */
  stop(): Promise<void>;
}

/**
 * Starts a server that checks and keeps signals, for the tests of a program that sends them.
 *
 * @throws {Error} If the address cannot be listened on, or the store not be written.
 * @example
 * ```ts
 * import { createSink } from "@giantswarm/gs-telemetry";
 *
 * const sink = await createSink();
 * console.log(`GS_TELEMETRY_ENDPOINT=${sink.endpoint}`);
 * await sink.stop();
 * ```
 */
export async function createSink(options: SinkOptions = {}): Promise<Sink> {
  const { hostname = "127.0.0.1", port = 0, store } = options;
  const { createServer } = process.getBuiltinModule("node:http");
  if (store !== undefined) tryStore(store);
  const arrivals = new Arrivals(options);
  const server = createServer((request, response) =>
    void ingest(request, response, (signals) => arrivals.addAll(signals)).then((answer) => {
      if (answer?.message !== undefined) arrivals.refuse(`${answer.status} ${answer.message}`);
    })
  );
  return {
    endpoint: `${await listen(server, hostname, port)}v2/`,
    signals: arrivals.signals,
    refusals: arrivals.refusals,
    waitFor: (count) => arrivals.waitFor(count),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/**
 * Lets a server listen.
 *
 * @returns Its address, such as `http://127.0.0.1:8686/`.
 * @throws {Error} If the address cannot be listened on.
 */
export async function listen(server: Server, hostname: string, port: number): Promise<string> {
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, resolve);
  }).catch((error) => {
    throw new Error(describeFailure(`cannot listen on ${host}:${port}`, error), { cause: error });
  });
  const address = server.address();
  return `http://${host}:${typeof address === "object" && address ? address.port : port}/`;
}

function tryStore(file: string): void {
  try {
    process.getBuiltinModule("node:fs").appendFileSync(file, "");
  } catch (error) {
    throw new Error(describeFailure(`cannot write ${file}`, error), { cause: error });
  }
}

/** What has arrived at a sink, and who waits for it. */
class Arrivals {
  readonly signals: IngestedSignal[] = [];
  readonly refusals: string[] = [];
  readonly #options: SinkOptions;
  #waiting: (() => void)[] = [];

  constructor(options: SinkOptions) {
    this.#options = options;
  }

  addAll(signals: readonly IngestedSignal[]): { status: number } {
    for (const signal of signals) this.add(signal);
    return { status: 200 };
  }

  add(signal: IngestedSignal): void {
    const { store, onSignal } = this.#options;
    const { appendFileSync } = process.getBuiltinModule("node:fs");
    if (store !== undefined) appendFileSync(store, `${JSON.stringify(signal)}\n`);
    this.signals.push(signal);
    onSignal?.(signal);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }

  refuse(refusal: string): void {
    this.refusals.push(refusal);
    this.#options.onRefusal?.(refusal);
  }

  async waitFor(count: number): Promise<readonly IngestedSignal[]> {
    while (this.signals.length < count) {
      await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    }
    return this.signals;
  }
}
