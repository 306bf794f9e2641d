import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { anyQuestion, anySignal, ask, fillStore, inFolder } from "../../helpers/signals.ts";

const appID = "4539763B-A291-4835-B832-9BEB80CA7039";

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

test("a report leaves no files beside a database", () =>
  inFolder(async (folder) => {
    const file = join(folder, "a ?#%41.db");
    await fillStore(file, [[{ appID, clientUser: "a", type: "Acme.command" }]]);
    const [question] = fc.sample(
      anyQuestion.map((each) => ({ ...each, appIDs: [], prefixes: [], isTest: false })),
      1,
    );
    assert.equal((await ask([file], question)).total.runs, 1);
    assert.deepEqual(readdirSync(folder), ["a ?#%41.db"]);
  }));
