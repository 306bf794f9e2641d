/**
 * Counts the signals of stores, whatever kind they are of.
 *
 * @module
 */

import { parseStore, type StorePlace } from "../sink/store.ts";
import { UsageError } from "../usage_error.ts";
import type { Facts } from "./facts.ts";
import type { OnProgress } from "./progress.ts";
import type { Question } from "./question.ts";
import { Tally } from "./tally.ts";

/** Standard input's name among stores. */
const standardInput = "-";
const sqliteHeader = "SQLite format 3\0";

/** How stores are read. */
export interface Reading {
  readonly password: string | undefined;
  readonly onProgress: OnProgress;
}

/**
 * Counts the signals of one database, or of any number of files with lines of JSON.
 *
 * @throws {UsageError} If a file does not exist, or databases and files are mixed.
 * @throws {Error} If a store cannot be read, or a file has no signals.
 */
export async function countSignals(
  stores: readonly string[],
  question: Question,
  { password, onProgress }: Reading,
): Promise<Facts> {
  const places = stores.map(recognize);
  const database = places.find(({ kind }) => kind !== "json lines");
  if (database && places.length > 1) {
    throw new UsageError("a database is read by itself; several stores have to be files with lines of JSON");
  }
  if (database?.kind === "clickhouse") {
    const { countInClickHouse } = await import("./clickhouse_source.ts");
    return await countInClickHouse(database.place, password, question);
  }
  const tally = new Tally(question);
  if (database) {
    const { tallySqlite } = await import("./sqlite_source.ts");
    await tallySqlite(database.file, tally, onProgress);
    return tally.facts();
  }
  const { LineCounter } = await import("./json_lines_source.ts");
  const counter = new LineCounter(tally);
  for (const file of new Set(stores)) await counter.countFile(file, onProgress);
  if (counter.signals === 0 && tally.facts().passedOver.lines > 0) {
    throw new Error(`there are no signals in ${stores.join(", ")}: no line is one`);
  }
  return tally.facts();
}

/** A file is recognized by what it begins with, whatever its name. */
function recognize(name: string): StorePlace {
  const place = parseStore(name);
  if (place.kind === "clickhouse" || name === standardInput) return place;
  return { kind: beginning(place.file) === sqliteHeader ? "sqlite" : "json lines", file: place.file };
}

function beginning(file: string): string {
  const { closeSync, openSync, readSync, statSync } = process.getBuiltinModule("node:fs");
  try {
    // A pipe would lose what is read here.
    if (!statSync(file).isFile()) return "";
    const descriptor = openSync(file, "r");
    const bytes = new Uint8Array(sqliteHeader.length);
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    closeSync(descriptor);
    return new TextDecoder().decode(bytes.subarray(0, length));
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
  }
}
