import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/toolchains.ts";

test("no script imports from the tests", () => {
  const scripts = globSync("scripts/**/*.ts", { cwd: root });
  assert.ok(scripts.length > 20);
  const importing = scripts.filter((file) =>
    /(from |import\()"(\.\.\/)+tests\//.test(readFileSync(join(root, file), "utf8"))
  );
  assert.deepEqual(importing, []);
});
