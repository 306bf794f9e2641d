import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { hostBinary } from "../../scripts/compile.ts";
import { writeRelease } from "../../scripts/release.ts";
import { projectName, root } from "../../scripts/toolchains.ts";
import { otherAppID } from "../helpers/harness.ts";

const profile = {
  name: "acme",
  displayName: "acme",
  match: [["acme"]],
  appID: otherAppID,
  signalType: "Acme.command",
  root: { name: "acme", commands: [{ name: "deploy" }] },
};

function compile(args: readonly string[]) {
  const command = ["run", "--quiet", "--allow-all", "scripts/compile.ts", ...args, "bun"];
  return spawnSync(process.execPath, command, { cwd: root, encoding: "utf8" });
}

test("compile makes a team's own program, with its name and its profile", () => {
  const folder = mkdtempSync(join(tmpdir(), "gs-telemetry-brand-"));
  const binary = hostBinary("bun", "acme-telemetry");
  try {
    writeFileSync(join(folder, "acme.json"), JSON.stringify(profile));
    const compiled = compile(["--name", "acme-telemetry", "--profile", join(folder, "acme.json")]);
    assert.equal(compiled.status, 0, compiled.stderr);
    const env = { HOME: folder, PATH: process.env.PATH };
    const run = (...args: string[]) => spawnSync(binary, args, { env, encoding: "utf8" });
    assert.match(run("--help").stdout, /^Usage: acme-telemetry /);
    assert.equal(
      run("run").stderr,
      "acme-telemetry: run needs a command: acme-telemetry run -- COMMAND [ARG...]\n",
    );
    const [signal] = JSON.parse(run("explain", "--", "acme", "deploy", "SECRET").stdout);
    assert.equal(signal.appID, otherAppID);
    assert.equal(signal.type, "Acme.command");
    assert.equal(signal.payload.command, "acme deploy");
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(binary, { force: true });
  }
});

test("a team's own release has no installer and no krew manifest, which are for this project's", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gs-telemetry-brand-"));
  try {
    await writeRelease(folder, "acme-telemetry", "1.2.3", []);
    assert.deepEqual(readdirSync(folder).sort(), ["LICENSE", "SHA256SUMS", "manifest.json"]);
    await writeRelease(folder, projectName, "1.2.3", []);
    assert.ok(existsSync(join(folder, "install.sh")));
    assert.ok(existsSync(join(folder, "krew.yaml")));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("compile tells what is wrong with the profile that is to be built in", () => {
  const { status, stderr } = compile(["--profile", "missing.json"]);
  assert.match(stderr, /^compile: profile missing\.json: cannot be read: /);
  assert.equal(status, 125);
});

test("compile tells that a name is none for a file of dist", () => {
  const { status, stderr } = compile(["--name", "../acme"]);
  assert.equal(
    stderr,
    "compile: --name is '../acme' but should be a name for a file, such as acme-telemetry\n",
  );
  assert.equal(status, 125);
});
