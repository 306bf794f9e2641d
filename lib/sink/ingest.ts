/**
 * TelemetryDeck's ingest API v2: what a request is answered with.
 *
 * @module
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import { checkBody, type IngestedSignal } from "./schema.ts";

/** An answer to a request. */
export interface Answer {
  readonly status: number;
  /** Why a request was refused. */
  readonly message?: string;
}

/** Takes the signals of a request, which came in that body. */
export type Accept = (signals: IngestedSignal[], body: string) => Answer | Promise<Answer>;

const ingestPath = /^\/v2\/(namespace\/[^/]+\/)?$/;
const bodyLimit = 1024 * 1024;

/** The sender broke off before its request was whole. */
class BrokenOff extends Error {}

/**
 * Answers a request.
 *
 * @returns `undefined` if the sender broke off.
 */
export async function ingest(
  request: IncomingMessage,
  response: ServerResponse,
  accept: Accept,
): Promise<Answer | undefined> {
  try {
    const answer = await judge(request, accept);
    send(response, answer);
    return answer;
  } catch (error) {
    if (error instanceof BrokenOff) return undefined;
    const answer = { status: 500, message: error instanceof Error ? error.message : String(error) };
    send(response, answer);
    return answer;
  }
}

/** Answers with a status, and with the reason of a refusal as JSON. */
export function send(response: ServerResponse, { status, message }: Answer): void {
  response.on("error", () => {}); // the sender has gone
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", connection: "close" });
  response.end(message === undefined ? "" : `${JSON.stringify({ error: message })}\n`);
}

async function judge(request: IncomingMessage, accept: Accept): Promise<Answer> {
  if (!ingestPath.test(request.url ?? "")) return { status: 404, message: `no such path: ${request.url}` };
  if (request.method !== "POST") return { status: 405, message: `${request.method} should be POST` };
  if (!isJson(request.headers["content-type"])) {
    return { status: 415, message: "content-type should be application/json" };
  }
  const body = await readBody(request);
  if (body === undefined) return { status: 413, message: `the body has more than ${bodyLimit} bytes` };
  const checked = checkBody(body);
  if (!("signals" in checked)) return { status: 400, message: `${checked.field}: ${checked.problem}` };
  return await accept(checked.signals, body);
}

function isJson(contentType: string | undefined): boolean {
  return /^application\/json\s*(;|$)/i.test(contentType ?? "");
}

/** Reads a body; `undefined` if it is too long. */
function readBody(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > bodyLimit) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    let chunks: Uint8Array<ArrayBuffer>[] = [];
    let length = 0;
    request.on("data", (chunk: Uint8Array<ArrayBuffer>) => {
      length += chunk.length;
      if (length <= bodyLimit) return void chunks.push(chunk);
      chunks = [];
      resolve(undefined);
    });
    request.on("end", () => resolve(new Blob(chunks).text()));
    request.on("error", () => reject(new BrokenOff()));
    request.on("close", () => reject(new BrokenOff()));
  });
}
