/**
 * A local ingest server that speaks TelemetryDeck's API v2: for tests, demonstrations, and to see for
 * oneself what is sent.
 *
 * @module
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import { checkBody, type IngestedSignal } from "./ingest_schema.ts";
import { runtime } from "../runtime/mod.ts";

/** Where the sink listens and where it keeps what arrives. */
export interface SinkOptions {
  readonly hostname: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** A file that gets each signal as a line of JSON. */
  readonly store?: string;
}

interface Answer {
  readonly status: number;
  readonly message?: string;
}

const ingestPath = /^\/v2\/(namespace\/[^/]+\/)?$/;
const bodyLimit = 1024 * 1024;

/**
 * Serves until the process is ended. Prints the address first, then a line for each signal.
 *
 * @throws {Error} If the address cannot be listened on.
 */
export async function serveSink({ hostname, port, store }: SinkOptions): Promise<never> {
  const { createServer } = process.getBuiltinModule("node:http");
  const server = createServer((request, response) => void answer(request, response, store));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, resolve);
  });
  const address = server.address();
  const actualPort = typeof address === "object" && address ? address.port : port;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  runtime.write(1, `Listening on http://${host}:${actualPort}/v2/\n`);
  return await new Promise<never>(() => {});
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  store: string | undefined,
): Promise<void> {
  const { status, message } = await ingest(request, store);
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", connection: "close" });
  response.end(message === undefined ? "" : `${JSON.stringify({ error: message })}\n`);
  if (message !== undefined) runtime.write(1, `${status} ${message}\n`);
}

async function ingest(request: IncomingMessage, store: string | undefined): Promise<Answer> {
  if (!ingestPath.test(request.url ?? "")) return { status: 404, message: `no such path: ${request.url}` };
  if (request.method !== "POST") return { status: 405, message: `${request.method} should be POST` };
  if (!isJson(request.headers["content-type"])) {
    return { status: 415, message: "content-type should be application/json" };
  }
  const body = await readBody(request);
  if (body === undefined) return { status: 413, message: `the body has more than ${bodyLimit} bytes` };
  const checked = checkBody(body);
  if (!("signals" in checked)) return { status: 400, message: `${checked.field}: ${checked.problem}` };
  for (const signal of checked.signals) keep(signal, store);
  return { status: 200 };
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

function keep(signal: IngestedSignal, store: string | undefined): void {
  const { appendFileSync } = process.getBuiltinModule("node:fs");
  if (store !== undefined) appendFileSync(store, `${JSON.stringify(signal)}\n`);
  runtime.write(1, `${describeSignal(signal)}\n`);
}

/** Says in one line what a signal tells. */
export function describeSignal(
  { type, clientUser, isTestMode, receivedAt, payload = {} }: IngestedSignal,
): string {
  const device = ["TelemetryDeck.Device.operatingSystem", "TelemetryDeck.Device.architecture"];
  const parts = [
    type,
    JSON.stringify(payload.command ?? ""),
    device.map((key) => payload[key] ?? "?").join("/"),
    `user ${clientUser.slice(0, 8)}`,
  ];
  if (payload.appVersion !== undefined) parts.push(`version ${payload.appVersion}`);
  if (receivedAt !== undefined) parts.push(`run at ${receivedAt}`);
  if (isTestMode) parts.push("test");
  return parts.join("  ");
}
