import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { brand, type SaltSource } from "../../../lib/brand.ts";
import { findSalt, findSaltProblem } from "../../../lib/signal/salt.ts";

/** Runs a test as if this were a build that takes its salt from there. */
function withBrandSalt(salt: SaltSource | undefined, test: () => void): void {
  const before = brand.salt;
  brand.salt = salt;
  try {
    test();
  } finally {
    brand.salt = before;
  }
}

function environment(variables: Record<string, string>) {
  return (name: string) => variables[name];
}

const none = environment({});
const own = environment({ GS_TELEMETRY_SALT: "mine", ACME_SALT: "acme" });

test("findSalt() is the user's own variable, if that is not empty", () =>
  withBrandSalt(undefined, () => {
    assert.deepEqual(findSalt(own), { value: "mine", source: "GS_TELEMETRY_SALT" });
    assert.equal(findSalt(environment({ GS_TELEMETRY_SALT: "" })), undefined);
    assert.equal(findSalt(none), undefined);
    assert.equal(findSaltProblem(none), undefined);
  }));

test("findSalt() is the build's variable if the user has none, and that has to be there", () =>
  withBrandSalt({ kind: "variable", name: "ACME_SALT" }, () => {
    assert.deepEqual(findSalt(own), { value: "mine", source: "GS_TELEMETRY_SALT" });
    const brands = environment({ ACME_SALT: "acme" });
    assert.deepEqual(findSalt(brands), { value: "acme", source: "ACME_SALT" });
    assert.equal(findSaltProblem(brands), undefined);
    assert.equal(findSaltProblem(none), "ACME_SALT, which has the salt of this build, is not set");
  }));

test("findSalt() is the text of the build's file, and that has to be there and not empty", () => {
  const folder = mkdtempSync(join(tmpdir(), "gs-telemetry-test-"));
  const path = join(folder, "salt");
  const problem = `${path}, which has the salt of this build, cannot be read or is empty`;
  try {
    withBrandSalt({ kind: "file", path }, () => {
      assert.equal(findSaltProblem(none), problem);
      writeFileSync(path, " \n");
      assert.equal(findSaltProblem(none), problem);
      writeFileSync(path, "acme\n");
      assert.deepEqual(findSalt(none), { value: "acme", source: path });
      assert.equal(findSaltProblem(none), undefined);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
