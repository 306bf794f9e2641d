import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

test("targets has every one that Deno's compiler has", () => {
  const command = ["compile", "--target", "none", "cli.ts"];
  const { stderr } = spawnSync(process.execPath, command, { encoding: "utf8", env: { NO_COLOR: "1" } });
  const triples = /possible values: ([^\]\n]+)/.exec(stderr)![1].split(", ");
  const known = targets.filter(({ toolchain }) => toolchain === "deno").map(({ triple }) => triple);
  assert.deepEqual(triples.filter((triple) => !known.includes(triple)), []);
});

/** Compiles with Deno's compiler under a name of its own; no download gets anywhere. */
function compileWithDeno(variables: Record<string, string>) {
  const { DENORT_BIN: _, ...own } = process.env;
  const env = { ...own, HTTPS_PROXY: "http://127.0.0.1:9", ...variables };
  const name = "gs-telemetry-test-of-compile";
  const command = ["run", "--quiet", "--allow-all", "scripts/compile.ts", "--name", name, "deno"];
  try {
    return spawnSync(process.execPath, command, { cwd: root, encoding: "utf8", env });
  } finally {
    rmSync(hostBinary("deno", name), { force: true });
  }
}

test("compile says of a binary for this machine that does not start that it does not work", { skip }, () => {
  // Whatever program it is, Deno's compiler puts ours into it.
  const { status, stdout, stderr } = compileWithDeno({ DENORT_BIN: "/bin/false" });
  assert.equal(stderr, "");
  assert.match(stdout, /^\[1\/1\] dist\/\S+ \(\S+ MB\): does not work\n$/);
  assert.equal(status, 1);
});

test("compile has Deno's base binary downloaded when none is given", () => {
  const { stdout } = compileWithDeno({});
  // It works where Deno has one from before.
  assert.match(stdout, /works\n$|could not be downloaded; give it as a file in DENORT_BIN\n$/);
});

test("compile for this machine keeps a release that was made before", () => {
  const folder = join(root, "dist/release");
  const made = join(folder, "made-before");
  mkdirSync(folder, { recursive: true });
  writeFileSync(made, "");
  compileWithDeno({ DENORT_BIN: "/missing" });
  assert.ok(existsSync(made));
  rmSync(made);
});

test("compile tells that the base binary that was given is not there", () => {
  const { status, stdout } = compileWithDeno({ DENORT_BIN: "/missing" });
  assert.match(stdout, /not made: [^]*Could not find denort at '\/missing'/);
  assert.equal(status, 1);
});
