/**
 * The SQLite database of a sink: its tables, and how it is opened.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { describeFailure } from "./store.ts";

/** The columns of `label_sets`, in the order of `Labels`. */
export const labelColumns = "app_id, type, command, version, os, architecture, caller, is_test";

/** Tells our databases from others, in the file's header. */
const applicationID = 0x67737465;
const schemaVersion = 1;

// A row of `label_sets` is one combination of all that signals are grouped by, so that a signal is three numbers.
// Everything that a request adds goes to the end of a table: an index over signals would scatter it, and made
// a request take three times as long.
const schema = `
  CREATE TABLE people (id INTEGER PRIMARY KEY, client_user TEXT NOT NULL UNIQUE);
  CREATE TABLE label_sets (
    id INTEGER PRIMARY KEY, app_id TEXT NOT NULL, type TEXT NOT NULL, command TEXT NOT NULL,
    version TEXT NOT NULL, os TEXT NOT NULL, architecture TEXT NOT NULL, caller TEXT NOT NULL,
    is_test INTEGER NOT NULL, UNIQUE (${labelColumns})
  );
  CREATE TABLE signals (
    id INTEGER PRIMARY KEY, hour INTEGER NOT NULL, person INTEGER NOT NULL REFERENCES people,
    label_set INTEGER NOT NULL REFERENCES label_sets
  );
  CREATE TABLE details (id INTEGER PRIMARY KEY REFERENCES signals, rest TEXT NOT NULL);
  CREATE TABLE requests (hash TEXT PRIMARY KEY, time INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX requests_by_time ON requests (time);
  CREATE VIEW usage AS
    SELECT datetime(hour * 3600, 'unixepoch') AS received_at, client_user, ${labelColumns}, rest
    FROM signals JOIN people ON people.id = person JOIN label_sets ON label_sets.id = label_set
    JOIN details USING (id);
  PRAGMA application_id = ${applicationID};
  PRAGMA user_version = ${schemaVersion};
`;

/** The ways to open a database. */
export type Access = "read" | "write";

/**
 * Opens a database of a sink; to write, it is made if there is none.
 *
 * @throws {Error} If it cannot be opened, is none of a sink's, or is of a newer version.
 */
export function openDatabase(file: string, access: Access): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = access === "write" ? openToWrite(file) : openToRead(file);
  } catch (error) {
    const obstacle = access === "write" ? describeObstacle(file) : "";
    throw new Error(`${describeFailure(`cannot ${access} ${file}`, error)}${obstacle}`, { cause: error });
  }
  const problem = findProblem(database);
  if (problem === undefined) return database;
  database.close();
  throw new Error(`cannot ${access} ${file}: ${problem}`);
}

function openToWrite(file: string): DatabaseSync {
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const database = new DatabaseSync(file);
  try {
    database.exec("PRAGMA busy_timeout = 10000");
    createSchema(database);
    // In WAL mode readers and a writer do not wait for each other; FULL makes each commit survive a power cut.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function createSchema(database: DatabaseSync): void {
  database.exec("BEGIN IMMEDIATE");
  const { count } = database.prepare("SELECT count(*) AS count FROM sqlite_schema").get() as {
    count: number;
  };
  if (count === 0) database.exec(schema);
  database.exec("COMMIT");
}

function openToRead(file: string): DatabaseSync {
  try {
    if (isUnchanging(file)) return openReadOnly(unchangingURL(file));
  } catch {
    // Deno before 2.9 takes a URL for a path.
  }
  return openReadOnly(file);
}

function openReadOnly(place: string): DatabaseSync {
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const database = new DatabaseSync(place, { readOnly: true });
  try {
    database.exec("PRAGMA busy_timeout = 10000");
    database.prepare("SELECT count(*) FROM sqlite_schema").get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Reports whether nobody writes to a database: whoever does has a log beside it. */
export function isUnchanging(file: string): boolean {
  const { existsSync } = process.getBuiltinModule("node:fs");
  return !["-wal", "-journal"].some((ending) => existsSync(`${file}${ending}`));
}

/**
 * SQLite reads a database in WAL mode only with files beside it, which it makes, cannot make in a folder that is
 * read-only, and leaves behind. Of a file that does not change it needs none.
 */
function unchangingURL(file: string): string {
  const { pathToFileURL } = process.getBuiltinModule("node:url");
  return `${pathToFileURL(file).href}?immutable=1`;
}

/** The files beside a database that keep it from being written, such as those of another user; an empty text if none. */
function describeObstacle(file: string): string {
  const { accessSync, constants, statSync } = process.getBuiltinModule("node:fs");
  const isInTheWay = (name: string) => {
    try {
      if (!statSync(name).isFile()) return true;
    } catch {
      return false;
    }
    try {
      accessSync(name, constants.R_OK | constants.W_OK);
      return false;
    } catch {
      return true;
    }
  };
  const names = [file, `${file}-wal`, `${file}-shm`].filter(isInTheWay);
  return names.length === 0 ? "" : `; in the way is ${names.join(" and ")}`;
}

function findProblem(database: DatabaseSync): string | undefined {
  const read = (name: string) => {
    const row = database.prepare(`PRAGMA ${name}`).get() as Record<string, number>;
    return row[name];
  };
  if (read("application_id") !== applicationID) return "it is a database of another program";
  const version = read("user_version");
  if (version <= schemaVersion) return undefined;
  return `it was written by a newer version of this program (format ${version}, known is ${schemaVersion})`;
}
