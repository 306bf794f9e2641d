/**
 * The documents name files, options and variables that exist.
 *
 * @module
 */

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type OptionDefinition, optionDefinitions } from "../../lib/run/options.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const docs = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
const documents = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", ...docs.map((name) => `docs/${name}`)];
const read = (path: string) => readFileSync(join(root, path), "utf8");

for (const document of documents) {
  test(`${document} has no link to a file that is not there`, () => {
    const links = [...read(document).matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map(([, path]) => path);
    const missing = links.filter((path) => !existsSync(join(root, dirname(document), path)));
    assert.deepEqual(missing, []);
  });
}

test("ARCHITECTURE.md names only files that are there", () => {
  const paths = [...read("ARCHITECTURE.md").matchAll(/`([\w/]+\.(?:ts|md|json))`/g)].map(([, path]) => path);
  const isThere = (path: string) => [".", "lib", "tests"].some((base) => existsSync(join(root, base, path)));
  const invented = /NAME|^(mod|runtime|system)\.ts$|^(delivery|sent|undeletable|versions)\.json$/;
  assert.ok(paths.length > 30, `only ${paths.length} paths were found`);
  assert.deepEqual(paths.filter((path) => !invented.test(path) && !isThere(path)), []);
});

test("docs/options.md has each option with its variable", () => {
  const rows = read("docs/options.md").split("\n").filter((line) => line.startsWith("| `--"));
  const definitions: readonly OptionDefinition[] = Object.values(optionDefinitions);
  for (const { flag, variable } of definitions) {
    const row = rows.find((line) => new RegExp(`\`${flag}\\b`).test(line));
    assert.ok(row, flag);
    if (variable !== undefined) assert.ok(row.includes(`\`${variable}`), variable);
  }
});
