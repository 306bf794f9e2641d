import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { unsign } from "macho-unsign";
import { build, hostBinary } from "../../scripts/compile.ts";
import { targets } from "../../scripts/targets.ts";
import { root } from "../../scripts/toolchains.ts";

const skip = process.platform === "linux" ? false : "the stand-in for Deno's base binary is Linux's";

test("build() leaves no signature on a binary for macOS on x64, which would be Bun's own", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gs-telemetry-compile-"));
  try {
    const entry = join(folder, "cli.ts");
    writeFileSync(entry, "");
    const target = targets.find(({ triple }) => triple === "bun-darwin-x64")!;
    const file = join(folder, "program");
    assert.equal(await build({ target, file }, entry), undefined);
    assert.equal(unsign(readFileSync(file)), null);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("compile says of a binary for this machine that does not start that it does not work", { skip }, () => {
  const name = "gs-telemetry-test-of-compile";
  try {
    // Whatever program it is, Deno's compiler puts ours into it.
    const env = { ...process.env, DENORT_BIN: "/bin/false" };
    const command = ["run", "--quiet", "--allow-all", "scripts/compile.ts", "--name", name, "deno"];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      cwd: root,
      encoding: "utf8",
      env,
    });
    assert.equal(stderr, "");
    assert.match(stdout, /^\[1\/1\] dist\/\S+ \(\S+ MB\): does not work\n$/);
    assert.equal(status, 1);
  } finally {
    rmSync(hostBinary("deno", name), { force: true });
  }
});
