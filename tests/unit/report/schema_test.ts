import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as v from "valibot";
import fc from "fast-check";
import { answerSchema } from "../../../lib/report/answer_schema.ts";
import { reportSchemaFile, reportSchemaText } from "../../../scripts/schema.ts";
import { anyQuestion, anySignal, ask, fillStore, inFolder } from "../../helpers/signals.ts";

test("schemas/report.schema.json is what `deno task schema` writes", () =>
  assert.equal(readFileSync(reportSchemaFile, "utf8"), reportSchemaText()));

test("every answer has the documented shape", () =>
  fc.assert(
    fc.asyncProperty(fc.array(anySignal, { minLength: 1, maxLength: 30 }), anyQuestion, (signals, question) =>
      inFolder(async (folder) => {
        const file = join(folder, "usage.jsonl");
        await fillStore(file, [signals]);
        for (const leastPeople of [1, 3]) {
          v.parse(answerSchema, await ask([file], question, leastPeople));
        }
      })),
    { numRuns: 30 },
  ));
