/**
 * A local ingest server that speaks TelemetryDeck's API v2: for tests, demonstrations, and to see for
 * oneself what is sent.
 *
 * @module
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import { checkBody, type IngestedSignal } from "./schema.ts";

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

interface Answer {
  readonly status: number;
  readonly message?: string;
}

const ingestPath = /^\/v2\/(namespace\/[^/]+\/)?$/;
const bodyLimit = 1024 * 1024;

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
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const { createServer } = process.getBuiltinModule("node:http");
  if (store !== undefined) tryStore(store);
  const arrivals = new Arrivals(options);
  const server = createServer((request, response) => void answer(request, response, arrivals));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, resolve);
  }).catch((error) => {
    throw describe(`cannot listen on ${host}:${port}`, error);
  });
  const address = server.address();
  const actualPort = typeof address === "object" && address ? address.port : port;
  return {
    endpoint: `http://${host}:${actualPort}/v2/`,
    signals: arrivals.signals,
    refusals: arrivals.refusals,
    waitFor: (count) => arrivals.waitFor(count),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function tryStore(file: string): void {
  try {
    process.getBuiltinModule("node:fs").appendFileSync(file, "");
  } catch (error) {
    throw describe(`cannot write ${file}`, error);
  }
}

function describe(failure: string, cause: unknown): Error {
  return new Error(`${failure}: ${reasonOf(cause)}`, { cause });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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

async function answer(request: IncomingMessage, response: ServerResponse, arrivals: Arrivals): Promise<void> {
  const { status, message } = await ingest(request, arrivals).catch(describeTrouble);
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", connection: "close" });
  response.end(message === undefined ? "" : `${JSON.stringify({ error: message })}\n`);
  if (message !== undefined) arrivals.refuse(`${status} ${message}`);
}

async function ingest(request: IncomingMessage, arrivals: Arrivals): Promise<Answer> {
  if (!ingestPath.test(request.url ?? "")) return { status: 404, message: `no such path: ${request.url}` };
  if (request.method !== "POST") return { status: 405, message: `${request.method} should be POST` };
  if (!isJson(request.headers["content-type"])) {
    return { status: 415, message: "content-type should be application/json" };
  }
  const body = await readBody(request);
  if (body === undefined) return { status: 413, message: `the body has more than ${bodyLimit} bytes` };
  const checked = checkBody(body);
  if (!("signals" in checked)) return { status: 400, message: `${checked.field}: ${checked.problem}` };
  for (const signal of checked.signals) arrivals.add(signal);
  return { status: 200 };
}

/** A sender that has broken off, or a store that cannot be written any more. */
function describeTrouble(error: unknown): Answer {
  return { status: 500, message: reasonOf(error) };
}

function isJson(contentType: string | undefined): boolean {
  return /^application\/json\s*(;|$)/i.test(contentType ?? "");
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > bodyLimit) return undefined;
    chunks.push(chunk);
  }
  return await new Blob(chunks as Uint8Array<ArrayBuffer>[]).text();
}
