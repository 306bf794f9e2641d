import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { apiFile, readApi } from "../../scripts/api.ts";
import { isDeno } from "../helpers/project.ts";

test("the public surface is the one that was written down; deno task api writes it anew", {
  skip: isDeno ? false : "only Deno documents it",
}, async () => {
  assert.deepEqual(await readApi(), JSON.parse(readFileSync(apiFile, "utf8")));
});
