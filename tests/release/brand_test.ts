import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
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

function compile(args: readonly string[], env: Record<string, string> = {}) {
  const command = ["run", "--quiet", "--allow-all", "scripts/compile.ts", ...args, "bun"];
  return spawnSync(process.execPath, command, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
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

/** Writes profiles and gives the options that build them in. */
function writeProfiles(folder: string, profiles: Record<string, unknown>): string[] {
  return Object.entries(profiles).flatMap(([file, content]) => {
    writeFileSync(join(folder, file), JSON.stringify(content));
    return ["--profile", join(folder, file)];
  });
}

const kubectlGs = {
  ...profile,
  name: "kubectl-gs",
  displayName: "kubectl gs",
  match: [["kubectl", "gs"], ["kubectl-gs"]],
};

test("compile builds in several profiles, endpoint, namespace and the source of a salt, never the salt itself", () => {
  const folder = mkdtempSync(join(tmpdir(), "gs-telemetry-brand-"));
  const binary = hostBinary("bun", "acme-telemetry");
  const salt = join(folder, "salt");
  try {
    // Whoever compiles may have linked gs-telemetry in front of kubectl, and have another salt.
    symlinkSync(binary, join(folder, "kubectl"));
    const compiled = compile([
      ...["--name", "acme-telemetry", "--endpoint", "https://telemetry.example.org/", "--namespace", "acme"],
      ...["--salt-file", salt],
      ...writeProfiles(folder, { "acme.json": profile, "kubectl-gs.json": kubectlGs }),
    ], { PATH: `${folder}:${process.env.PATH}` });
    assert.equal(compiled.status, 0, compiled.stdout + compiled.stderr);
    assert.match(compiled.stdout, /acme-telemetry-bun \([\d.]+ MB\): works\n$/);
    const env = { HOME: folder, PATH: process.env.PATH };
    const run = (...args: string[]) => spawnSync(binary, args, { env, encoding: "utf8" });
    const unsalted = run("explain", "--", "kubectl", "gs", "deploy");
    assert.match(
      unsalted.stderr,
      /nothing would be sent: \S+\/salt, which has the salt of this build, cannot be read/,
    );
    assert.equal(unsalted.stdout, "[]\n");
    assert.match(
      run("status").stdout,
      /^Problem +\S+\/salt, which has the salt of this build, cannot be read/m,
    );
    assert.equal(run("doctor").status, 1);
    writeFileSync(salt, "of the team\n");
    const explained = (...command: string[]) => JSON.parse(run("explain", "--", ...command).stdout)[0];
    assert.equal(explained("acme", "deploy").payload.command, "acme deploy");
    assert.deepEqual(
      [explained("kubectl", "gs", "deploy").appID, explained("kubectl-gs", "deploy").appID],
      [otherAppID, otherAppID],
    );
    const page = run("explain", "--human", "--", "kubectl", "gs", "deploy").stdout.replace(/\s+/g, " ");
    assert.match(page, /To https:\/\/telemetry\.example\.org\/v2\/namespace\/acme\/ From this build\./);
    assert.match(
      page,
      /Built into acme-telemetry\. It claims this command\. It holds in place of kubectl-gs /,
    );
    assert.ok(page.replaceAll(" ", "").includes(`salt(${salt})set`), page);
    const { profiles, endpoint } = JSON.parse(run("status", "--json").stdout);
    assert.equal(endpoint, "https://telemetry.example.org/v2/namespace/acme/");
    assert.deepEqual(profiles.map((each: { origin: string }) => each.origin), ["built in", "brand", "brand"]);
    const own = { ...env, GS_TELEMETRY_SALT: "of a user", GS_TELEMETRY_ENDPOINT: "https://own.example.org/" };
    const ofUser = spawnSync(binary, ["explain", "--", "acme"], { env: own, encoding: "utf8" });
    assert.notEqual(JSON.parse(ofUser.stdout)[0].clientUser, explained("acme").clientUser);
    assert.ok(!readFileSync(binary).includes("of the team"));
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(binary, { force: true });
  }
});

const mistakes: [args: string[], line: RegExp][] = [
  [
    ["--endpoint", "http://example.org"],
    /^compile: --endpoint is 'http:\/\/example\.org' but should be an https URL/,
  ],
  [["--namespace", "a b"], /^compile: --namespace is 'a b' but should be letters/],
  [["--salt-variable", "my salt"], /^compile: --salt-variable is 'my salt' but should be a variable's name/],
  [["--salt-file", "salt"], /^compile: --salt-file is 'salt' but should be an absolute path/],
  [["--salt-file", "/salt", "--salt-variable", "SALT"], /^compile: --salt-variable and --salt-file exclude/],
];

test("compile tells in one line what is wrong with the brand", () => {
  const folder = mkdtempSync(join(tmpdir(), "gs-telemetry-brand-"));
  try {
    const rival = writeProfiles(folder, { "a.json": profile, "b.json": { ...profile, name: "rival" } });
    const twin = writeProfiles(folder, { "c.json": profile, "d.json": { ...profile, match: [["other"]] } });
    const own = writeProfiles(folder, { "e.json": { ...profile, match: [["acme-deploy"]] } });
    const all: [string[], RegExp][] = [
      ...mistakes,
      [rival, /^compile: profiles acme \(\S+a\.json\) and rival \(\S+b\.json\) both claim 'acme'\n$/],
      [twin, /^compile: two profiles are called 'acme'\n$/],
      [
        ["--name", "acme", ...own],
        /^compile: no link can stand in front of acme-deploy, since the program is called acme/,
      ],
    ];
    for (const [args, line] of all) {
      const { stderr, status } = compile(args);
      assert.match(stderr, line);
      assert.equal(status, 125);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
