/**
 * Counts signals that are kept as lines of JSON.
 *
 * @module
 */

import { parseHour } from "../sink/hour.ts";
import { labelKey, labelsOf, storable } from "../sink/labels.ts";
import type { IngestedSignal } from "../sink/schema.ts";
import type { OnProgress } from "./progress.ts";
import type { Tally } from "./tally.ts";

const blockLength = 1024 * 1024;
// A signal's line is no longer than the longest body that a sink takes, and what its escapes add.
const longestLine = 8 * 1024 * 1024;
const newline = 0x0a;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Standard input's name among stores. */
const standardInput = "-";

/** Counts the lines of files; a user and a set of labels have one number in all of them. */
export class LineCounter {
  readonly #tally: Tally;
  readonly #people = new Map<string, number>();
  readonly #labels = new Map<string, number>();
  /** How many lines were signals. */
  signals = 0;
  #lastTime = "";
  #lastHour: number | undefined;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  /**
   * Counts the signals of a file.
   *
   * @param file A path, or `-` for standard input.
   * @throws {Error} If it cannot be read.
   */
  async countFile(file: string, onProgress: OnProgress): Promise<void> {
    try {
      await this.#countLines(file, onProgress);
    } catch (error) {
      throw new Error(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
    }
  }

  async #countLines(file: string, onProgress: OnProgress): Promise<void> {
    const { createReadStream, statSync } = process.getBuiltinModule("node:fs");
    const isInput = file === standardInput;
    const total = isInput ? 0 : statSync(file).size;
    const stream = isInput ? process.stdin : createReadStream(file, { highWaterMark: blockLength });
    const lines = new LineSplitter();
    let done = 0;
    for await (const block of stream as AsyncIterable<Uint8Array>) {
      for (const line of lines.split(block)) this.#countLine(line);
      done += block.length;
      await onProgress(done, total);
    }
    this.#countLine(lines.end());
  }

  #countLine(line: string | undefined): void {
    if (line === "" || line === "\r") return;
    const signal = line === undefined ? undefined : parseSignal(line);
    const labels = signal === undefined ? undefined : this.#numberOfLabels(signal);
    if (signal === undefined || labels === undefined) return this.#tally.passOverLine();
    const hour = signal.receivedAt === undefined ? undefined : this.#hourOf(signal.receivedAt);
    if (signal.receivedAt !== undefined && hour === undefined) return this.#tally.passOverLine();
    this.signals++;
    if (hour === undefined) return this.#tally.passOverUndated();
    this.#tally.add(this.#numberOfPerson(storable(signal.clientUser)), labels, hour);
  }

  /** Most signals are of the hour of the one before. */
  #hourOf(time: string): number | undefined {
    if (time !== this.#lastTime) {
      this.#lastTime = time;
      this.#lastHour = parseHour(time);
    }
    return this.#lastHour;
  }

  #numberOfPerson(user: string): number {
    let person = this.#people.get(user);
    if (person === undefined) this.#people.set(user, person = this.#people.size);
    return person;
  }

  /** The number of a signal's labels; `undefined` if they are wrong. */
  #numberOfLabels(signal: IngestedSignal): number | undefined {
    const key = labelKey(signal);
    const known = this.#labels.get(key);
    if (known !== undefined || !uuid.test(signal.appID)) return known;
    const id = this.#labels.size;
    this.#labels.set(key, id);
    this.#tally.define(id, labelsOf(signal));
    return id;
  }
}

/** Cuts blocks of bytes into lines. A line that is far too long is not kept: `undefined` stands for it. */
class LineSplitter {
  #parts: Uint8Array[] = [];
  #length = 0;
  readonly #decoder = new TextDecoder();

  split(block: Uint8Array): (string | undefined)[] {
    const end = block.lastIndexOf(newline);
    if (end < 0) {
      this.#keep(block);
      return [];
    }
    const start = block.indexOf(newline);
    this.#keep(block.subarray(0, start));
    const lines = [this.#take(), ...this.#decode(block.subarray(start + 1, end))];
    this.#keep(block.subarray(end + 1));
    return lines;
  }

  #decode(bytes: Uint8Array): string[] {
    return bytes.length === 0 ? [] : this.#decoder.decode(bytes).split("\n");
  }

  #keep(bytes: Uint8Array): void {
    this.#length += bytes.length;
    // A stream may use its buffer again.
    if (this.#length <= longestLine) this.#parts.push(bytes.slice());
    else this.#parts = [];
  }

  #take(): string | undefined {
    const bytes = new Uint8Array(this.#length <= longestLine ? this.#length : 0);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    const isTooLong = this.#length > longestLine;
    this.#parts = [];
    this.#length = 0;
    return isTooLong ? undefined : this.#decoder.decode(bytes);
  }

  /** The last line, if it lacks its end; an empty one if there is none. */
  end(): string | undefined {
    return this.#length === 0 ? "" : this.#take();
  }
}

/** A line's signal, checked for what is counted; `undefined` if it is none. */
function parseSignal(line: string): IngestedSignal | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isSignal(value) ? value : undefined;
}

function isSignal(value: unknown): value is IngestedSignal {
  if (typeof value !== "object" || value === null) return false;
  const { appID, clientUser, type, receivedAt, isTestMode, payload } = value as Record<string, unknown>;
  return isText(appID) && isText(clientUser) && isText(type) &&
    (receivedAt === undefined || typeof receivedAt === "string") &&
    (isTestMode === undefined || typeof isTestMode === "boolean") &&
    (payload === undefined || isPayload(payload));
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function isPayload(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  for (const key in value) {
    // An object or `null`.
    if (typeof (value as Record<string, unknown>)[key] === "object") return false;
  }
  return true;
}
