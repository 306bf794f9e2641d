/**
 * Proves that opting out, each way, leaves nothing behind: no file is made or opened for writing, no
 * process started and no socket opened, by the system calls of the program from its start to the command.
 *
 * @module
 */

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { appID, inWorld, nowhere, program, type World } from "../helpers/harness.ts";
import { way } from "../helpers/way.ts";

/** A way of opting out: by a variable, or by what is in the place of the settings file. */
interface OptOut {
  readonly env?: Readonly<Record<string, string>>;
  readonly settings?: (file: string) => void;
}

const optOuts: Readonly<Record<string, OptOut>> = {
  "GS_TELEMETRY_OPTOUT": { env: { GS_TELEMETRY_OPTOUT: "1" } },
  "KUBECTL_GS_TELEMETRY_OPTOUT": { env: { KUBECTL_GS_TELEMETRY_OPTOUT: "1" } },
  "DO_NOT_TRACK": { env: { DO_NOT_TRACK: "1" } },
  "the profile's own variable": { env: { ACME_TELEMETRY_OPTOUT: "1" } },
  "disable": { settings: (file) => writeFileSync(file, '{"telemetry":"off"}\n') },
  "an empty settings file": { settings: (file) => writeFileSync(file, "") },
  "a settings file of nonsense": { settings: (file) => writeFileSync(file, '{"telemetry":"maybe"') },
  "a settings file without a choice": { settings: (file) => writeFileSync(file, "{}") },
  "a folder in the settings file's place": { settings: (file) => mkdirSync(file) },
  "a settings file that leads to itself": { settings: (file) => symlinkSync("settings.json", file) },
  "a settings file that leads nowhere": { settings: (file) => symlinkSync("missing.json", file) },
  "a FIFO in the settings file's place": { settings: (file) => void execFileSync("mkfifo", [file]) },
  "a settings file that may not be read": {
    settings: (file) => {
      writeFileSync(file, '{"telemetry":"on"}');
      chmodSync(file, 0);
    },
  },
};

const acme = {
  name: "acme",
  displayName: "acme",
  match: [["sh"]],
  appID,
  identity: "machine",
  caller: true,
  session: "terminal",
  optOutVariable: "ACME_TELEMETRY_OPTOUT",
  root: { name: "acme" },
};

const command = ["/bin/sh", "-c", "echo output; exit 42"];

/** A home with nothing in it but, where that opts out, the settings file. */
function makeHome(world: World, { settings }: OptOut): string {
  const home = mkdtempSync(join(world.home, "empty-"));
  writeFileSync(join(world.home, "acme.json"), JSON.stringify(acme));
  if (!settings) return home;
  const folder = join(home, ".config/gs-telemetry");
  mkdirSync(folder, { recursive: true });
  settings(join(folder, "settings.json"));
  return home;
}

function runWords(world: World): string[] {
  return ["run", "--profile", join(world.home, "acme.json"), "--", ...command];
}

function environment(home: string, { env }: OptOut): Record<string, string> {
  return { HOME: home, GS_TELEMETRY_ENDPOINT: nowhere, ...env };
}

function listAll(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? [path, ...listAll(path)] : [path];
  });
}

const traced = "open,openat,openat2,creat,mkdir,mkdirat,mknod,mknodat,link,linkat,symlink,symlinkat,rename," +
  "renameat,renameat2,unlink,unlinkat,rmdir,truncate,fork,vfork,clone,clone3,socket";

// From source, Deno 2.9 asks the registry for its packages while its cache is new.
const tracedProgram = program.flatMap((word) => word === "--allow-all" ? [word, "--cached-only"] : [word]);

// The caches of runtimes that start from source.
const ownFolders = [
  "/dev/",
  process.env.DENO_DIR ?? join(homedir(), ".cache/deno"),
  fileURLToPath(new URL("../../node_modules", import.meta.url)),
];

/** Whether a traced call leaves something behind, in a file, a process or a connection. */
function leavesSomething(call: string): boolean {
  if (/^(clone3?|v?fork)\(/.test(call)) return !call.includes("CLONE_THREAD");
  if (/^open(at2?)?\(/.test(call) && !/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(call)) return false;
  return !ownFolders.some((folder) => call.includes(`"${folder}`));
}

/** Runs the program under strace; gives its output and the calls that leave something behind. */
async function trace(
  world: World,
  env: Record<string, string>,
): Promise<{ stdout: string; calls: string[] }> {
  const log = join(world.home, "trace");
  const strace = [
    "strace",
    "-f",
    "-qq",
    "-s",
    "4096",
    "-e",
    "signal=none",
    "-e",
    `trace=${traced}`,
    "-o",
    log,
  ];
  const { stdout, status } = await world.execute([...strace, ...tracedProgram, ...runWords(world)], { env });
  assert.equal(status, 42);
  const calls = readFileSync(log, "utf8").split("\n").map((line) => line.replace(/^\d+ +/, ""));
  return { stdout, calls: calls.filter((call) => /^\w+\(/.test(call) && leavesSomething(call)) };
}

function whyNotTraced(): string | false {
  const { error, status } = spawnSync("strace", ["-o", "/dev/null", "true"]);
  return error ? "strace is not installed" : status === 0 ? false : "strace may not trace here";
}

const noTrace = whyNotTraced();

for (const [name, optOut] of Object.entries(optOuts)) {
  const isForOthers = name.includes("may not be read") && process.getuid?.() === 0;
  test(`opted out by ${name}, a run makes and writes no file, starts no process and opens no socket`, {
    skip: noTrace || (isForOthers && "root reads every file"),
  }, () =>
    inWorld(async (world) => {
      const home = makeHome(world, optOut);
      const before = listAll(home);
      const { stdout, calls } = await trace(world, environment(home, optOut));
      assert.deepEqual(calls, []);
      assert.equal(stdout, "output\n");
      assert.deepEqual(listAll(home), before);
    }));
}

test("not opted out, a run's files, its courier's process and its socket are seen by the same trace", {
  skip: noTrace,
}, () =>
  inWorld(async (world) => {
    const home = makeHome(world, {});
    const { calls } = await trace(world, environment(home, {}));
    for (const name of [/^mkdir/, /^rename/, /^(creat|open)/, /^(clone|fork|vfork)/, /^socket/]) {
      assert.ok(calls.some((call) => name.test(call)), String(name));
    }
  }));

test(
  "opted out, run, explain and status work the same where Deno permits neither writing, nor network, nor native code",
  {
    skip: way === "deno run" ? false : "only Deno from source has permissions to deny",
  },
  () =>
    inWorld(async (world) => {
      const permissions = ["--allow-read", "--allow-env", "--allow-sys", `--allow-run=${command[0]}`];
      const denied = program.flatMap((word) => word === "--allow-all" ? permissions : [word]);
      for (const optOut of [optOuts.DO_NOT_TRACK, optOuts.disable]) {
        const home = makeHome(world, optOut);
        const env = environment(home, optOut);
        const ran = await world.execute([...denied, ...runWords(world)], { env });
        assert.deepEqual(ran, { status: 42, signal: null, stdout: "output\n", stderr: "" });
        const explained = await world.execute([...denied, "explain", ...runWords(world).slice(1)], { env });
        assert.match(explained.stderr, /opted out by (DO_NOT_TRACK|\S+\/settings\.json)\n$/);
        const status = await world.execute([...denied, "status"], { env });
        assert.match(status.stdout, /^Telemetry +off, by /);
      }
    }),
);

test("opted out, status, explain and flush leave the home as it is", () =>
  inWorld(async (world) => {
    for (const optOut of [optOuts.DO_NOT_TRACK, optOuts.disable]) {
      const home = makeHome(world, optOut);
      const before = listAll(home);
      for (
        const words of [["status"], ["status", "--json"], ["flush"], ["explain", ...runWords(world).slice(1)]]
      ) {
        const { status } = await world.run(words, { env: environment(home, optOut) });
        assert.equal(status, 0, words.join(" "));
      }
      assert.deepEqual(listAll(home), before);
    }
  }));
