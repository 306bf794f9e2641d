/**
 * A world for unit tests of delivery: a clock that goes on only when somebody waits, servers that answer as they
 * are told, and a real state directory that is deleted afterwards.
 *
 * @module
 */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { limits } from "../../lib/delivery/limits.ts";
import type { PostOutcome } from "../../lib/delivery/post.ts";
import { fileNameOf } from "../../lib/delivery/queue.ts";
import type { Surroundings } from "../../lib/delivery/surroundings.ts";
import { StateDirectory } from "../../lib/directories/state_directory.ts";
import { runtime } from "../../lib/runtime/mod.ts";
import { type Files, system } from "../../lib/system/mod.ts";

/** When the fake clock starts. */
export const start: number = Date.UTC(2026, 10, 23);
export const endpoint = "https://example.org/v2/";
export const taken: PostOutcome = { kind: "accepted" };
export const unavailable = { kind: "failed", answered: true, reason: "status 503" } as const;
export const refusedForGood: PostOutcome = { kind: "refused", status: 400 };

/** A request, with the types of its signals in their order. */
export interface FakeRequest {
  readonly url: string;
  readonly types: readonly string[];
  readonly timeout: number;
  /** When it came, in milliseconds since the start. */
  readonly at: number;
}

/** Surroundings that a test steers. */
export class FakeSurroundings implements Surroundings {
  limits = limits;
  elapsed = 0;
  chance = 0.5;
  isAllowed = true;
  readonly pauses: number[] = [];
  readonly requests: FakeRequest[] = [];
  readonly bodies: string[] = [];
  /** Answers a request, by its number from 0. */
  answer: (request: FakeRequest, index: number) => PostOutcome = () => taken;
  onPause: () => void = () => {};

  now = (): number => start + this.elapsed;
  uptime = (): number => this.elapsed;
  random = (): number => this.chance;
  hasConsent = (): boolean => this.isAllowed;

  pause = (milliseconds: number): Promise<void> => {
    this.pauses.push(milliseconds);
    this.elapsed += milliseconds;
    this.onPause();
    return Promise.resolve();
  };

  post = (url: string, body: string, timeout: number): Promise<PostOutcome> => {
    const types = JSON.parse(body).map((signal: { type: string }) => signal.type);
    const request = { url, types, timeout, at: this.elapsed };
    this.bodies.push(body);
    const index = this.requests.push(request) - 1;
    return Promise.resolve(this.answer(request, index));
  };
}

/** A state directory of its own, with a queue. */
export class FakeState extends StateDirectory {
  #count = 0;

  constructor() {
    super(mkdtempSync(join(tmpdir(), "gs-telemetry-test-")));
    mkdirSync(this.queue);
  }

  /** Adds a signal of that type; later ones are younger by a millisecond. Returns the name of its file. */
  put(type: string, url = endpoint, recordedAt = start - 1_000): string {
    return this.putText(JSON.stringify({ url, signal: { type } }), recordedAt);
  }

  putText(text: string, recordedAt = start - 1_000): string {
    const name = fileNameOf(recordedAt + this.#count++, crypto.randomUUID());
    writeFileSync(join(this.queue, name), text);
    return name;
  }

  waiting(): string[] {
    return existsSync(this.queue) ? readdirSync(this.queue).sort() : [];
  }
}

/** Runs a test in a state directory of its own. */
export async function inFakeState(
  test: (state: FakeState, outside: FakeSurroundings) => void | Promise<void>,
): Promise<void> {
  const state = new FakeState();
  try {
    await test(state, new FakeSurroundings());
  } finally {
    rmSync(state.path, { recursive: true, force: true });
  }
}

/** Does something while some functions of the file system are others. */
export function withFiles<Result>(others: Partial<Files>, act: () => Result): Result {
  const { files } = system;
  const putBack = () => Object.assign(system, { files });
  Object.assign(system, { files: { ...files, ...others } });
  try {
    const result = act();
    if (result instanceof Promise) return result.finally(putBack) as Result;
    putBack();
    return result;
  } catch (error) {
    putBack();
    throw error;
  }
}

/** Does something each time when a lock that was taken meanwhile is about to be released. */
export async function beforeEachRelease(hook: () => void, act: () => Promise<unknown>): Promise<void> {
  const { lock } = system;
  system.lock = (path) => {
    const found = lock(path);
    if (!found || found === "taken") return found;
    return {
      release() {
        hook();
        found.release();
      },
    };
  };
  try {
    await act();
  } finally {
    system.lock = lock;
  }
}

/** Returns what is told on standard error meanwhile, with `GS_TELEMETRY_DEBUG` set to this. */
export async function toldBy(act: () => unknown, debugging = "1"): Promise<string> {
  const { write } = runtime;
  const before = process.env.GS_TELEMETRY_DEBUG;
  let told = "";
  process.env.GS_TELEMETRY_DEBUG = debugging;
  runtime.write = (descriptor, text) => void (told += `${descriptor}: ${text}`);
  try {
    await act();
    return told;
  } finally {
    runtime.write = write;
    if (before === undefined) delete process.env.GS_TELEMETRY_DEBUG;
    else process.env.GS_TELEMETRY_DEBUG = before;
  }
}
