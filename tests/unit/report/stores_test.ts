import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { anyQuestion, anySignal, ask, fillStore, inFolder } from "../../helpers/signals.ts";

test("a report says the same of lines of JSON and of SQLite, whatever the signals", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anySignal, { minLength: 1, maxLength: 12 }), { maxLength: 6 }),
      anyQuestion,
      (requests, question) =>
        inFolder(async (folder) => {
          const stores = ["usage.jsonl", "usage.db"].map((name) => join(folder, name));
          for (const store of stores) await fillStore(store, requests);
          const [lines, database] = await Promise.all(stores.map((store) => ask([store], question)));
          assert.deepEqual(database, lines);
        }),
    ),
    { numRuns: 60 },
  ));
