/**
 * Keeps signals in a SQLite database.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { hashText } from "../runtime/hash.ts";
import { checkIdentity, identify } from "./file_identity.ts";
import { hourOf } from "./hour.ts";
import { hourOfSignal, type Labels, labelsOf, restOf, storable } from "./labels.ts";
import type { IngestedSignal } from "./schema.ts";
import { labelColumns, openDatabase } from "./sqlite.ts";
import { type Arrival, describeFailure, type Store, StoreError } from "./store.ts";

/** For how long a body that comes again is taken for one whose answer was lost, in seconds. */
const repeatWindow = 600;

const labelPlaces = labelColumns.replaceAll(/\w+/g, "?");
/** How many label sets are known without asking the database; there are as many as commands times versions. */
const mostKnown = 10_000;

/**
 * Opens a database, and makes it if there is none.
 *
 * @throws {Error} If it cannot be written.
 */
export function openSqliteStore(file: string): Store {
  return new SqliteStore(openDatabase(file, "write"), file);
}

/** A request that waits for the next transaction. */
interface Waiting {
  readonly arrival: Arrival;
  /** Of its body, to know one that comes again. */
  readonly hash: string;
  resolve(outcome: "stored" | "repeated"): void;
  reject(error: unknown): void;
}

class SqliteStore implements Store {
  readonly isDatabase = true;
  readonly #database: DatabaseSync;
  readonly #file: string;
  readonly #identity: string | undefined;
  readonly #forget: StatementSync;
  readonly #remember: StatementSync;
  readonly #findLabels: StatementSync;
  readonly #addLabels: StatementSync;
  /** Each takes all of a request's signals as one JSON text of rows [user, hour, label set, rest, id]. */
  readonly #inserts: readonly StatementSync[];
  readonly #lastID: StatementSync;
  readonly #known = new Map<string, number>();
  #waiting: Waiting[] = [];

  constructor(database: DatabaseSync, file: string) {
    this.#database = database;
    this.#file = file;
    this.#identity = identify(file);
    this.#forget = database.prepare("DELETE FROM requests WHERE time < ?");
    this.#remember = database.prepare("INSERT OR IGNORE INTO requests (hash, time) VALUES (?, ?)");
    this.#findLabels = database.prepare(
      `SELECT id FROM label_sets WHERE (${labelColumns}) = (${labelPlaces})`,
    );
    this.#addLabels = database.prepare(`INSERT INTO label_sets (${labelColumns}) VALUES (${labelPlaces})`);
    this.#lastID = database.prepare("SELECT coalesce(max(id), 0) AS last FROM signals");
    this.#inserts = [
      "INSERT OR IGNORE INTO people (client_user) SELECT row.value ->> 0 FROM json_each(?) AS row",
      `INSERT INTO signals (id, hour, person, label_set)
        SELECT row.value ->> 4, row.value ->> 1, people.id, row.value ->> 2 FROM json_each(?) AS row
        CROSS JOIN people ON people.client_user = row.value ->> 0`,
      "INSERT INTO details (id, rest) SELECT row.value ->> 4, row.value ->> 3 FROM json_each(?) AS row",
    ].map((sql) => database.prepare(sql));
  }

  /** Requests that come at the same time share a transaction, and so the wait for the disk. */
  async add(arrival: Arrival): Promise<"stored" | "repeated"> {
    const hash = await hashText(arrival.body);
    return await new Promise((resolve, reject) => {
      this.#waiting.push({ arrival, hash, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.#writeAll());
    });
  }

  #writeAll(): void {
    if (this.#waiting.length === 0) return;
    const group = this.#waiting;
    this.#waiting = [];
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      const outcomes = group.map(({ arrival, hash }) => this.#write(arrival, hash));
      checkIdentity(this.#file, this.#identity);
      this.#database.exec("COMMIT");
      group.forEach(({ resolve }, index) => resolve(outcomes[index]));
    } catch (error) {
      this.#rollBack();
      const failure = new StoreError(describeFailure(`cannot write ${this.#file}`, error), 500, error);
      for (const { reject } of group) reject(failure);
    }
  }

  #write(arrival: Arrival, hash: string): "stored" | "repeated" {
    if (!this.#isNew(hash, arrival.time)) return "repeated";
    this.#insert(arrival);
    return "stored";
  }

  #isNew(hash: string, time: number): boolean {
    const seconds = Math.floor(time / 1_000);
    this.#forget.run(seconds - repeatWindow);
    return Number(this.#remember.run(hash, seconds).changes) > 0;
  }

  #insert({ signals, time }: Arrival): void {
    const { last } = this.#lastID.get() as { last: number };
    const rowOf = (signal: IngestedSignal, index: number) => [
      ...this.#rowOf(signal, hourOf(time)),
      last + index + 1,
    ];
    const rows = JSON.stringify(signals.map(rowOf));
    for (const insert of this.#inserts) insert.run(rows);
  }

  #rowOf(signal: IngestedSignal, arrivedAt: number): (string | number)[] {
    const labels = labelsOf(signal);
    const id = this.#labelSetOf(labels);
    return [storable(signal.clientUser), hourOfSignal(signal, arrivedAt), id, restOf(signal, labels)];
  }

  #labelSetOf({ appID, type, command, version, os, architecture, caller, isTest }: Labels): number {
    const values = [appID, type, command, version, os, architecture, caller, Number(isTest)];
    const key = values.join("\0");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const row = this.#findLabels.get(...values) as { id: number } | undefined;
    const id = row?.id ?? Number(this.#addLabels.run(...values).lastInsertRowid);
    if (this.#known.size >= mostKnown) this.#known.clear();
    this.#known.set(key, id);
    return id;
  }

  #rollBack(): void {
    // Label sets of this transaction are not there any more.
    this.#known.clear();
    try {
      this.#database.exec("ROLLBACK");
    } catch {
      // The transaction never began, or SQLite has rolled it back by itself.
    }
  }

  close(): Promise<void> {
    if (this.#waiting.length > 0) this.#writeAll();
    this.#database.close();
    return Promise.resolve();
  }
}
