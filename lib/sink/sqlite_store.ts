/**
 * Keeps signals in a SQLite database.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { runtime } from "../runtime/mod.ts";
import { hourOf } from "./hour.ts";
import { hourOfSignal, labelsOf, restOf, storable } from "./labels.ts";
import type { IngestedSignal } from "./schema.ts";
import { labelColumns, openDatabase } from "./sqlite.ts";
import { type Arrival, describeFailure, type Store, StoreError } from "./store.ts";

/** For how long a body that comes again is taken for one whose answer was lost, in seconds. */
const repeatWindow = 600;

const labelCount = labelColumns.split(", ").length;
// A row is [user, hour, rest, label…].
const labelValues = Array.from({ length: labelCount }, (_, index) => `row.value ->> ${index + 3}`).join(", ");

/**
 * Opens a database, and makes it if there is none.
 *
 * @throws {Error} If it cannot be written.
 */
export function openSqliteStore(file: string): Store {
  return new SqliteStore(openDatabase(file, "write"), file);
}

class SqliteStore implements Store {
  readonly isDatabase = true;
  readonly #database: DatabaseSync;
  readonly #file: string;
  readonly #forget: StatementSync;
  readonly #remember: StatementSync;
  /** Each takes all of a request's signals as one JSON text. */
  readonly #inserts: readonly StatementSync[];

  constructor(database: DatabaseSync, file: string) {
    this.#database = database;
    this.#file = file;
    this.#forget = database.prepare("DELETE FROM requests WHERE time < ?");
    this.#remember = database.prepare("INSERT OR IGNORE INTO requests (hash, time) VALUES (?, ?)");
    this.#inserts = [
      "INSERT OR IGNORE INTO people (client_user) SELECT row.value ->> 0 FROM json_each(?) AS row",
      `INSERT OR IGNORE INTO label_sets (${labelColumns}) SELECT ${labelValues} FROM json_each(?) AS row`,
      `INSERT INTO signals (hour, person, label_set, rest)
        SELECT row.value ->> 1, people.id, label_sets.id, row.value ->> 2 FROM json_each(?) AS row
        CROSS JOIN people ON people.client_user = row.value ->> 0
        CROSS JOIN label_sets ON (${labelColumns}) = (${labelValues})`,
    ].map((sql) => database.prepare(sql));
  }

  // deno-lint-ignore require-await -- an error is to reject, as in every store
  async add(arrival: Arrival): Promise<"stored" | "repeated"> {
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      const isNew = this.#isNew(arrival);
      if (isNew) this.#insert(arrival);
      this.#database.exec("COMMIT");
      return isNew ? "stored" : "repeated";
    } catch (error) {
      this.#rollBack();
      throw new StoreError(describeFailure(`cannot write ${this.#file}`, error), 500, error);
    }
  }

  #isNew({ body, time }: Arrival): boolean {
    const seconds = Math.floor(time / 1_000);
    this.#forget.run(seconds - repeatWindow);
    const hash = runtime.sha256(new TextEncoder().encode(body));
    return Number(this.#remember.run(hash, seconds).changes) > 0;
  }

  #insert({ signals, time }: Arrival): void {
    const rows = JSON.stringify(signals.map((signal) => rowOf(signal, hourOf(time))));
    for (const insert of this.#inserts) insert.run(rows);
  }

  #rollBack(): void {
    try {
      this.#database.exec("ROLLBACK");
    } catch {
      // The transaction never began, or SQLite has rolled it back by itself.
    }
  }

  close(): Promise<void> {
    this.#database.close();
    return Promise.resolve();
  }
}

function rowOf(signal: IngestedSignal, arrivedAt: number): (string | number)[] {
  const labels = labelsOf(signal);
  const { appID, type, command, version, os, architecture, caller, isTest } = labels;
  return [
    storable(signal.clientUser),
    hourOfSignal(signal, arrivedAt),
    restOf(signal, labels),
    ...[appID, type, command, version, os, architecture, caller, Number(isTest)],
  ];
}
