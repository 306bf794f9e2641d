/**
 * Keeps signals as lines of JSON. Lines of one request that another line of it follows end in a space, which
 * JSON allows: so it can be seen after a crash which requests are there as a whole.
 *
 * @module
 */

import type { FileHandle } from "node:fs/promises";
import { type Lock, system } from "../system/mod.ts";
import { checkIdentity, identify } from "./file_identity.ts";
import { formatHour, hourOf } from "./hour.ts";
import type { IngestedSignal } from "./schema.ts";
import { type Arrival, describeFailure, type Store, StoreError } from "./store.ts";

const newline = 0x0a;
const space = 0x20;
const blockLength = 65_536;
// More than the longest body that a sink takes.
const longestLine = 2 * 1024 * 1024;
const notSignals = "it has something else than signals in it";
const signalKeys: readonly string[] = [
  "receivedAt",
  "appID",
  "clientUser",
  "type",
  "sessionID",
  "isTestMode",
  "floatValue",
  "payload",
];

/**
 * Opens a file, and makes it if there is none. Cuts off what a crash has left half written at its end.
 *
 * @throws {Error} If it cannot be written, or another sink writes to it.
 */
export async function openJsonLinesStore(file: string): Promise<Store> {
  const { open } = process.getBuiltinModule("node:fs/promises");
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, "a+");
    const isFile = (await handle.stat()).isFile();
    const lock = isFile ? takeLock(file) : undefined;
    if (isFile) await mendEnd(handle);
    if (isFile) await syncFolder(file);
    return new JsonLinesStore(file, handle, isFile, lock);
  } catch (error) {
    await handle?.close();
    throw new Error(describeFailure(`cannot write ${file}`, error), { cause: error });
  }
}

/** Two sinks on one file could cut off each other's lines. */
function takeLock(file: string): Lock | undefined {
  const lock = system.lock(`${file}.lock`);
  if (lock === "taken") throw new Error("another sink writes to it");
  return lock;
}

/** A new file is there after a power cut only if its folder has been written, too. */
async function syncFolder(file: string): Promise<void> {
  const { open } = process.getBuiltinModule("node:fs/promises");
  const { dirname } = process.getBuiltinModule("node:path");
  try {
    const folder = await open(dirname(file), "r");
    await folder.sync().finally(() => folder.close());
  } catch {
    // Windows opens no folders.
  }
}

interface Waiting {
  readonly lines: string;
  resolve(outcome: "stored"): void;
  reject(error: unknown): void;
}

class JsonLinesStore implements Store {
  readonly isDatabase = false;
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #isFile: boolean;
  readonly #lock: Lock | undefined;
  readonly #identity: string | undefined;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(file: string, handle: FileHandle, isFile: boolean, lock: Lock | undefined) {
    this.#file = file;
    this.#handle = handle;
    this.#isFile = isFile;
    this.#lock = lock;
    this.#identity = isFile ? identify(file) : undefined;
  }

  add({ signals, time }: Arrival): Promise<"stored"> {
    const lines = signals.map((signal) => JSON.stringify(withTime(signal, time))).join(" \n");
    return new Promise((resolve, reject) => {
      this.#waiting.push({ lines: `${lines}\n`, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Requests that come while others are written share the next write. */
  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(group.map(({ lines }) => lines).join(""));
        for (const { resolve } of group) resolve("stored");
      } catch (error) {
        const failure = new StoreError(describeFailure(`cannot write ${this.#file}`, error), 500, error);
        for (const { reject } of group) reject(failure);
      }
    }
    // In the same step as the loop's last look: whoever comes later starts another.
    this.#writing = undefined;
  }

  async #write(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    if (!this.#isFile) return await writeWhole(this.#handle, bytes);
    const { size } = await this.#handle.stat();
    try {
      await writeWhole(this.#handle, bytes);
      await this.#handle.datasync();
      checkIdentity(this.#file, this.#identity);
    } catch (error) {
      await this.#handle.truncate(size);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#handle.close();
    if (!this.#lock) return;
    system.files.remove(`${this.#file}.lock`);
    this.#lock.release();
  }
}

/** A store's line begins with the time if the sink has added it, and stays as it came if not. */
function withTime(signal: IngestedSignal, time: number): IngestedSignal {
  return signal.receivedAt === undefined ? { receivedAt: formatHour(hourOf(time)), ...signal } : signal;
}

async function writeWhole(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written);
    if (bytesWritten === 0) throw new Error("nothing could be written");
    written += bytesWritten;
  }
}

/** Mends the end of a file, but only of one that is a store: a wrong name must not cost anybody a file. */
async function mendEnd(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  if (size === 0) return;
  if (!await beginsAsStore(handle, size)) throw new Error(notSignals);
  const end = await endOfLastRequest(handle, size);
  if (end === size) return;
  const tail = await readText(handle, end, Math.min(size, end + longestLine));
  if (isSignal(tail)) await writeWhole(handle, new Uint8Array([newline]));
  else if (isBegun(tail)) await handle.truncate(end);
  else throw new Error(notSignals);
  await handle.datasync();
}

/** Reports whether the first line is a signal, or the beginning of one if there is no other. */
async function beginsAsStore(handle: FileHandle, size: number): Promise<boolean> {
  const text = await readText(handle, 0, Math.min(size, longestLine));
  const end = text.indexOf("\n");
  return end < 0 ? isSignal(text) || (isBegun(text) && !text.startsWith("\0")) : isSignal(text.slice(0, end));
}

async function readText(handle: FileHandle, start: number, end: number): Promise<string> {
  const bytes = new Uint8Array(end - start);
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
  return new TextDecoder().decode(bytes.subarray(0, bytesRead));
}

/** Reports whether a text is one signal and nothing else. */
function isSignal(text: string): boolean {
  const { appID, clientUser, type } = (text.includes("\n") ? undefined : parse(text)) as IngestedSignal ?? {};
  return [appID, clientUser, type].every((value) => typeof value === "string");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reports whether a text begins as signals do, and then breaks off. A power cut can leave zeros. */
function isBegun(text: string): boolean {
  if (!text.includes(" \n") && parse(text) !== undefined) return false;
  const key = /^\{"(\w+)"/.exec(text)?.[1];
  if (key !== undefined) return signalKeys.includes(key);
  return text.startsWith("\0") || signalKeys.some((each) => `{"${each}`.startsWith(text));
}

/** Returns the end of the last line that is whole and that no other line of its request should follow. */
async function endOfLastRequest(handle: FileHandle, size: number): Promise<number> {
  const block = new Uint8Array(blockLength);
  // Blocks overlap by a byte, since a line's end is two.
  for (let end = size; end > 0; end -= blockLength - 1) {
    const start = Math.max(0, end - blockLength);
    const { bytesRead } = await handle.read(block, 0, end - start, start);
    for (let index = bytesRead - 1; index >= 0; index--) {
      const isFirst = index === 0 && start > 0;
      if (block[index] === newline && !isFirst && block[index - 1] !== space) return start + index + 1;
    }
    if (start === 0) break;
  }
  return 0;
}
