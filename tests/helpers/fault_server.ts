/**
 * An ingest server that can be told to fail in every way, down to the bytes on the connection.
 *
 * @module
 */

import { createServer, type Server, type Socket } from "node:net";
import { type Arrived, inWorld, type World } from "./harness.ts";

/** What the server does with a request. */
export type Answer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | "garbage"
  | "nothing"
  | "late"
  | "reset before the body"
  | "reset in the body"
  | "reset after the body";

/** A request as it arrived. */
export interface ArrivedRequest {
  readonly at: number;
  readonly path: string;
  readonly signals: readonly Arrived[];
}

/** Says what happens to a request, by its number from 0 and its signals. */
export type Script = (index: number, signals: readonly Arrived[]) => Answer;

/** All signals are taken. */
export const ok: Answer = { status: 200 };

/** Below those that Linux, macOS and Windows give away. */
const keptPorts = { from: 20_000, count: 10_000 };

interface Head {
  readonly path: string;
  readonly bodyStart: number;
  readonly bodyLength: number;
}

/** The server. Signals count as taken when it says so, or when it has read them and its answer is lost. */
export class FaultServer {
  script: Script;
  readonly requests: ArrivedRequest[] = [];
  readonly taken: Arrived[] = [];
  port = 0;
  endpoint = "";
  /** How long an answer takes that comes too late, in milliseconds. */
  lateness = 1_500;
  /** What each answer waits for. */
  hold: Promise<void> = Promise.resolve();
  #connections = 0;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor(script: Script) {
    this.script = script;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(script: Script = () => ok, port = 0): Promise<FaultServer> {
    const server = new FaultServer(script);
    await new Promise<void>((resolve, reject) => {
      server.#server.once("error", reject);
      server.#server.listen(port, "127.0.0.1", resolve);
    });
    server.port = (server.#server.address() as { port: number }).port;
    server.endpoint = `http://127.0.0.1:${server.port}/v2/`;
    return server;
  }

  /** Starts on a port that no system gives away, so that nobody else takes it while the server is down. */
  static async startOnKeptPort(): Promise<FaultServer> {
    for (;;) {
      const port = keptPorts.from + Math.floor(Math.random() * keptPorts.count);
      const server = await FaultServer.start(() => ok, port).catch(() => undefined);
      if (server) return server;
    }
  }

  /** Connections so far, also those without a whole request. */
  get connections(): number {
    return this.#connections;
  }

  /** The signals taken, by session, each counted once. */
  get distinct(): number {
    return new Set(this.taken.map(({ sessionID }) => sessionID)).size;
  }

  get twice(): number {
    return this.taken.length - this.distinct;
  }

  /** Cuts all connections. May be called more than once. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #serve(socket: Socket): void {
    const index = this.#connections++;
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
    const early = this.script(index, []);
    if (early === "reset before the body") return reset(socket);
    let bytes = new Uint8Array();
    let isAnswered = false;
    socket.on("data", (chunk: Uint8Array) => {
      bytes = concatenate(bytes, chunk);
      const head = readHead(bytes);
      if (isAnswered || !head) return;
      if (early === "reset in the body") return reset(socket);
      if (bytes.length < head.bodyStart + head.bodyLength) return;
      isAnswered = true;
      const signals = JSON.parse(new TextDecoder().decode(bytes.subarray(head.bodyStart)));
      this.requests.push({ at: Date.now(), path: head.path, signals });
      this.hold.then(() => this.#answer(socket, this.script(index, signals), signals));
    });
  }

  #answer(socket: Socket, answer: Answer, signals: readonly Arrived[]): void {
    if (answer === "nothing") return;
    if (answer === "garbage") return void socket.end("\0\xff garbage\r\n\r\n");
    if (answer === "reset after the body" || answer === "late") this.taken.push(...signals);
    if (answer === "reset after the body") return reset(socket);
    if (answer === "late") return void setTimeout(() => respond(socket, 200, {}), this.lateness);
    if (typeof answer === "string") return reset(socket);
    if (answer.status >= 200 && answer.status < 300) this.taken.push(...signals);
    respond(socket, answer.status, answer.headers ?? {});
  }
}

function respond(socket: Socket, status: number, headers: Readonly<Record<string, string>>): void {
  const all = { ...headers, "content-length": "0", connection: "close" };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} Told\r\n${lines.join("")}\r\n`);
}

function reset(socket: Socket): void {
  if (typeof socket.resetAndDestroy === "function") socket.resetAndDestroy();
  else socket.destroy();
}

function readHead(bytes: Uint8Array): Head | undefined {
  const text = new TextDecoder("latin1").decode(bytes);
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const path = text.split(" ", 2)[1];
  const bodyLength = Number(/^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1] ?? 0);
  return { path, bodyStart: end + 4, bodyLength };
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

/** Runs a test in a world of its own, with a server that takes everything until it is told otherwise. */
export async function withServer(test: (world: World, server: FaultServer) => Promise<void>): Promise<void> {
  const server = await FaultServer.start();
  try {
    await inWorld((world) => test(world, server));
  } finally {
    await server.stop();
  }
}
