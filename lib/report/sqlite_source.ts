/**
 * Counts the signals of a sink's SQLite database, also while a sink writes to it.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import type { Labels } from "../sink/labels.ts";
import { isUnchanging, labelColumns, openDatabase } from "../sink/sqlite.ts";
import type { OnProgress } from "./progress.ts";
import type { Tally } from "./tally.ts";

// Deno takes more than a microsecond to hand over a row, so that signals come in blocks, as JSON.
const blockLength = 20_000;

/**
 * Counts all signals of a database.
 *
 * @throws {Error} If it cannot be read.
 */
export async function tallySqlite(file: string, tally: Tally, onProgress: OnProgress): Promise<void> {
  const before = isUnchanging(file) ? stateOf(file) : undefined;
  const database = openDatabase(file, "read");
  try {
    // One state of the database, whatever a sink adds meanwhile.
    database.exec("BEGIN");
    for (const [id, labels] of readLabels(database)) tally.define(id, labels);
    await tallySignals(database, tally, onProgress);
    if (before !== undefined && stateOf(file) !== before) {
      throw new Error("it was changed meanwhile; ask again");
    }
  } catch (error) {
    throw new Error(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
  } finally {
    database.close();
  }
}

/** Returns what changes if a database that nobody wrote to is written to. */
function stateOf(file: string): string {
  const { statSync } = process.getBuiltinModule("node:fs");
  const { mtimeMs, size } = statSync(file);
  return `${mtimeMs} ${size}`;
}

function readLabels(database: DatabaseSync): [number, Labels][] {
  const rows = database.prepare(`SELECT id, ${labelColumns} FROM label_sets`).all() as Record<
    string,
    never
  >[];
  return rows.map(({ id, app_id, is_test, ...labels }) => [
    id,
    { ...labels, appID: app_id, isTest: is_test === 1 } as unknown as Labels,
  ]);
}

async function tallySignals(database: DatabaseSync, tally: Tally, onProgress: OnProgress): Promise<void> {
  const { last } = database.prepare("SELECT coalesce(max(id), 0) AS last FROM signals").get() as {
    last: number;
  };
  const read = database.prepare(
    `SELECT group_concat(person || ',' || label_set || ',' || hour) AS block FROM signals WHERE id > ? AND id <= ?`,
  );
  for (let start = 0; start < last; start += blockLength) {
    const { block } = read.get(start, start + blockLength) as { block: string | null };
    const numbers: number[] = JSON.parse(`[${block ?? ""}]`);
    for (let at = 0; at < numbers.length; at += 3) tally.add(numbers[at], numbers[at + 1], numbers[at + 2]);
    await onProgress(start, last);
  }
}
