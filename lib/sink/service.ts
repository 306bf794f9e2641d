/**
 * The server of `sink`, which runs for months: it keeps no signal in memory and no connection for ever.
 *
 * @module
 */

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Answer, ingest, send } from "./ingest.ts";
import type { IngestedSignal } from "./schema.ts";
import { listen } from "./server.ts";
import { type Store, StoreError } from "./store.ts";

/** What a service does with what arrives. */
export interface ServiceOptions {
  readonly hostname: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Where signals are kept, if they are. */
  readonly store: Store | undefined;
  /** The apps whose signals are taken, in lower case; those of all if there are none. */
  readonly appIDs: readonly string[];
  /** Is told of the signals of each request that was taken, and whether they had come before. */
  onSignals(signals: readonly IngestedSignal[], isRepeated: boolean): void;
  /** Is told of each request that was refused, by its status and the field or the reason. */
  onRefusal(refusal: string): void;
  /** Makes the page for people on this machine, if there is one. */
  readonly makePage: (() => Promise<string>) | undefined;
  readonly limits?: ServiceLimits;
}

/** What a sender may use up; times are in milliseconds. */
export interface ServiceLimits {
  /** How long a sender may take for the head of its request. */
  readonly headers: number;
  /** How long for all of it. */
  readonly request: number;
  readonly checkEvery: number;
  /** How many may wait for an answer at once. */
  readonly connections: number;
}

/** A server that runs. */
export interface Service {
  /** Its address, such as `http://127.0.0.1:8686/`. */
  readonly address: string;
  /** Takes no more requests, and settles when those that are under way have been answered. */
  stop(): Promise<void>;
}

const usualLimits: ServiceLimits = { headers: 10_000, request: 30_000, checkEvery: 2_000, connections: 256 };
/** How long requests that are under way may take when the service ends. */
const endLimit = 5_000;
const closeLimit = 500;

/**
 * Starts a server.
 *
 * @throws {Error} If the address cannot be listened on.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { createServer } = process.getBuiltinModule("node:http");
  const limits = options.limits ?? usualLimits;
  const serverOptions = {
    headersTimeout: limits.headers,
    requestTimeout: limits.request,
    keepAliveTimeout: limits.headers,
    connectionsCheckingInterval: limits.checkEvery,
  };
  const server = createServer(serverOptions, (request, response) => void answer(request, response, options));
  limitConnections(server, limits.connections);
  const open = watchRequests(server);
  server.on("clientError", (_error: Error, socket: Socket) => void socket.destroy());
  const address = await listen(server, options.hostname, options.port);
  return { address, stop: () => stop(server, open) };
}

/**
 * Limits the connections that wait for an answer. Bun tells of closed ones so late that its own `maxConnections`
 * refuses senders although nearly none is open; each is used for one request, and done with its answer.
 */
function limitConnections(server: Server, most: number): void {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    if (open.size > most) socket.destroy();
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    response.once("finish", () => open.delete(request.socket));
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServiceOptions,
): Promise<void> {
  if (request.url === "/" && options.makePage) {
    return await answerWithPage(request, response, options.makePage);
  }
  const result = await ingest(request, response, (signals, body) => accept(signals, body, options));
  if (result?.message !== undefined) options.onRefusal(`${result.status} ${result.message}`);
}

async function accept(
  signals: readonly IngestedSignal[],
  body: string,
  { store, appIDs, onSignals }: ServiceOptions,
): Promise<Answer> {
  const other = signals.findIndex(({ appID }) => appIDs.length > 0 && !appIDs.includes(appID.toLowerCase()));
  if (other >= 0) {
    return { status: 403, message: `${other}.appID: no app of this sink: ${signals[other].appID}` };
  }
  try {
    const outcome = await store?.add({ signals, body, time: Date.now() });
    onSignals(signals, outcome === "repeated");
    return { status: 200 };
  } catch (error) {
    if (error instanceof StoreError) return { status: error.status, message: error.message };
    throw error;
  }
}

const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  refresh: "60",
  connection: "close",
};

async function answerWithPage(
  request: IncomingMessage,
  response: ServerResponse,
  makePage: () => Promise<string>,
): Promise<void> {
  if (!isFromThisMachine(request)) {
    return send(response, { status: 403, message: "the page is for people on this machine only" });
  }
  if (request.method !== "GET") {
    return send(response, { status: 405, message: `${request.method} should be GET` });
  }
  try {
    const page = await makePage();
    response.on("error", () => {}); // the reader has gone
    response.writeHead(200, pageHeaders);
    response.end(page);
  } catch (error) {
    send(response, { status: 500, message: (error as Error).message });
  }
}

const loopbackAddress = /^(127\.|::1$|::ffff:127\.)/;
const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * Reports whether a person on this machine asks. Not so if a proxy on this machine passes on what another asks,
 * nor if a web page has got this machine's address under a name of its own.
 */
function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  const isProxied = ["forwarded", "x-forwarded-for", "x-real-ip", "via"].some((name) =>
    headers[name] !== undefined
  );
  return loopbackAddress.test(socket.remoteAddress ?? "") && loopbackHost.test(headers.host ?? "") &&
    !isProxied;
}

/**
 * Ends a server when its requests have been answered. Requests that never end must not keep it, nor must a runtime
 * that does not tell when a connection is closed.
 */
async function stop(server: Server, open: ReadonlySet<Promise<void>>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await waitFor(Promise.all(open), endLimit);
  await waitFor(closed, closeLimit);
  server.closeAllConnections();
}

/** Waits, but not for longer than that. */
async function waitFor(event: Promise<unknown>, milliseconds: number): Promise<void> {
  const { promise: limit, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([event, limit]);
  clearTimeout(timer);
}

/** Keeps count of the requests that wait for an answer. */
function watchRequests(server: Server): ReadonlySet<Promise<void>> {
  const open = new Set<Promise<void>>();
  server.on("request", (_request: IncomingMessage, response: ServerResponse) => {
    const answered = new Promise<void>((resolve) => {
      response.once("finish", resolve);
      response.once("close", resolve);
    });
    open.add(answered);
    void answered.then(() => open.delete(answered));
  });
  return open;
}
