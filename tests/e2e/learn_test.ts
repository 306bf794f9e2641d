import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { nameCommand } from "../../lib/profile/name.ts";
import { checkProfile } from "../../lib/profile/schema.ts";
import { appID, inWorld, program, type World } from "../helpers/harness.ts";
import { noLink, placeLink, writeProfile } from "../helpers/link.ts";
import { stress } from "../helpers/way.ts";

const fixture = fileURLToPath(new URL("../fixtures/cobra_tool.ts", import.meta.url));

/** Installs the stand-in for a cobra tool as `acme`. */
function installTool(world: World): string {
  const runtime = "Deno" in globalThis ? "run --quiet --no-check --allow-all" : "run --no-env-file";
  const script = `#!/bin/sh\nexec '${process.execPath}' ${runtime} '${fixture}' "$@"\n`;
  writeFileSync(join(world.bin, "acme"), script);
  chmodSync(join(world.bin, "acme"), 0o755);
  return join(world.home, "calls.jsonl");
}

test("learn prints a profile with the commands, aliases and flags of a cobra tool, and no arguments", () =>
  inWorld(async (world) => {
    const log = installTool(world);
    const result = await world.run(["learn", "--app-id", appID, "--", "acme"], {
      env: { COBRA_TOOL_LOG: log },
    });
    assert.equal(result.stderr, "");
    assert.equal(result.status, 0);
    const profile = checkProfile(JSON.parse(result.stdout), "learned");
    assert.deepEqual(profile, {
      name: "acme",
      displayName: "acme",
      match: [["acme"]],
      appID,
      identity: "machine",
      caller: true,
      optOutVariable: "ACME_TELEMETRY_OPTOUT",
      testModeVariable: "ACME_TELEMETRY_TESTMODE",
      versionCall: ["--version"],
      root: {
        name: "acme",
        valueFlags: ["--context", "-c"],
        boolFlags: ["--debug", "--plain", "-p"],
        versionFlags: ["--version", "-v"],
        localFlags: ["--plain", "-p"],
        persistentFlags: true,
        commands: [
          {
            name: "cluster",
            aliases: ["clusters", "cl"],
            commands: [
              { name: "create", valueFlags: ["--nodes", "-n"], boolFlags: ["--wait", "-w", "--dry-run"] },
              { name: "delete", aliases: ["rm"], boolFlags: ["--force", "-f"] },
            ],
          },
          { name: "completion", counted: false },
          { name: "exec", boolFlags: ["--tty", "-t"], interspersed: false },
          { name: "help", counted: false },
          { name: "login", valueFlags: ["--token"] },
          { name: "plugin", commands: [{ name: "list" }, { name: "run", interspersed: false }] },
          { name: "__complete", aliases: ["__completeNoDesc"], counted: false },
        ],
      },
    });
    const calls = readFileSync(log, "utf8").split("\n").slice(0, -1).map((line) => JSON.parse(line));
    for (const { args, consent, cwd } of calls) {
      assert.ok(
        args[0] === "__complete" || ["--help", "--version"].includes(args.at(-1)),
        `no other call: ${args.join(" ")}`,
      );
      assert.notEqual(args.join(" "), "plugin run --help", "which would run it");
      const isAboutArguments = args.at(-1) === "" && args.length > 2 && args[1] !== "help";
      assert.ok(!isAboutArguments, `no arguments are looked up: ${args.join(" ")}`);
      assert.equal(consent, "1,1,1");
      assert.match(cwd, /gs-telemetry-learn-/);
    }
  }));

test("a learned profile in the user's folder names the tool's commands", () =>
  inWorld(async (world) => {
    installTool(world);
    const profiles = join(world.home, ".config/gs-telemetry/profiles");
    mkdirSync(profiles, { recursive: true });
    const learned = await world.run(["learn", "--app-id", appID, "acme"]);
    writeFileSync(join(profiles, "acme.json"), learned.stdout);
    const explain = ["explain", "--", "acme", "-c", "prod", "cl", "--debug", "rm", "-f", "my-cluster"];
    const { stdout } = await world.run(explain, { env: { XDG_CONFIG_HOME: undefined } });
    assert.equal(JSON.parse(stdout)[0].payload.command, "acme cluster delete");
  }));

test("a flag of the tool alone may stand in front of commands below commands if the tool traverses them", () =>
  inWorld(async (world) => {
    installTool(world);
    const { stdout } = await world.run(["learn", "acme"], { env: { COBRA_TOOL_TRAVERSES: "1" } });
    const { root } = checkProfile(JSON.parse(stdout), "learned");
    assert.deepEqual(nameCommand(root, ["-p", "cluster", "delete", "my-cluster"]), {
      counted: true,
      words: ["cluster", "delete"],
    });
  }));

test("learn tells what is wrong when the tool is none of cobra's, is not there or takes too long", () =>
  inWorld(async (world) => {
    installTool(world);
    const cases: [args: string[], status: number, message: RegExp][] = [
      [["ls"], 1, /'ls' does not answer '__complete' as a tool built with cobra does/],
      [["no-such-tool"], 127, /there is no such command/],
      [["--timeout=0.001", "acme"], 1, /the time is up; allow more with --timeout SECONDS/],
      [["--timeout=soon", "acme"], 125, /--timeout is 'soon' but should be a number of seconds, such as 5/],
      [["--app-id=x", "acme"], 125, /--app-id is 'x' but should be a UUID/],
      [[], 125, /missing required argument 'TOOL'/],
    ];
    for (const [args, status, message] of cases) {
      const result = await world.run(["learn", ...args]);
      assert.match(result.stderr, message);
      assert.equal(result.status, status);
      assert.equal(result.stdout, "");
    }
  }));

/** The path of a real kubectl, if there is one. */
/** Learns `acme` of a version and saves it. */
async function save(world: World, version: string, more: string[] = [], env: Record<string, string> = {}) {
  const args = ["learn", ...more, "--save", "--", "acme"];
  return await world.run(args, { env: { COBRA_TOOL_VERSION: version, ...env } });
}

test("learn --save puts the profile in its place, and keeps what the tool cannot tell when it is learned again", () =>
  inWorld(async (world) => {
    installTool(world);
    const first = await save(world, "1.9.0", ["--app-id", appID]);
    assert.equal(first.stdout, "Saved ~/.config/gs-telemetry/profiles/acme.json: 8 commands.\n");
    assert.deepEqual([first.status, first.stderr], [0, ""]);
    const file = join(world.home, ".config/gs-telemetry/profiles/acme.json");
    const { root, ...profile } = JSON.parse(readFileSync(file, "utf8"));
    assert.equal(profile.learnedFrom, "1.9.0");
    writeFileSync(
      file,
      JSON.stringify({ ...profile, identity: "machine", signalType: "Acme.command", root }),
    );
    const again = await save(world, "1.9.0");
    assert.equal(again.stdout, `${first.stdout}No command has changed.\n`);
    const newer = await save(world, "2.0.0");
    assert.equal(
      newer.stdout,
      "Saved ~/.config/gs-telemetry/profiles/acme.json: 8 commands, of version 2.0.0 after 1.9.0.\n" +
        "New: acme forget.\nGone: acme exec.\n",
    );
    const kept = checkProfile(JSON.parse(readFileSync(file, "utf8")), file);
    assert.deepEqual([kept.appID, kept.identity, kept.signalType], [appID, "machine", "Acme.command"]);
    assert.deepEqual(readdirSync(join(file, "..")), ["acme.json"]);
  }));

test("learn --save leaves the profile as it was when learning fails", () =>
  inWorld(async (world) => {
    installTool(world);
    const file = writeProfile(world, "acme.json", "before");
    for (const args of [["--timeout=0.001", "--save", "acme"], ["--save", "ls"]]) {
      assert.equal((await world.run(["learn", ...args])).status, 1);
    }
    assert.equal(readFileSync(file, "utf8"), "before");
    assert.deepEqual(readdirSync(join(file, "..")), ["acme.json"]);
  }));

test("learn --save keeps a copy of a profile that could not be used, unless it is empty", () =>
  inWorld(async (world) => {
    installTool(world);
    const file = writeProfile(world, "acme.json", "{ my own work,");
    const result = await save(world, "1", ["--app-id", appID]);
    assert.match(
      result.stderr,
      /^gs-telemetry: what was there could not be used; it is now in ~\S+\/acme\.json\.old\n$/,
    );
    assert.equal(readFileSync(`${file}.old`, "utf8"), "{ my own work,");
    rmSync(`${file}.old`);
    writeProfile(world, "acme.json", "");
    assert.equal((await save(world, "1", ["--app-id", appID])).stderr, "");
    assert.deepEqual(readdirSync(join(file, "..")), ["acme.json"]);
  }));

test("learn tells on standard error that a profile without an app sends nothing", () =>
  inWorld(async (world) => {
    installTool(world);
    const line =
      "gs-telemetry: the profile needs an app ID, or nothing is sent: learn again with --app-id UUID\n";
    assert.equal((await world.run(["learn", "acme"])).stderr, line);
    assert.equal((await save(world, "1")).stderr, line);
    const env = { GS_TELEMETRY_APP_ID: appID };
    assert.match(
      (await save(world, "1", [], env)).stderr,
      /signals go to the app that GS_TELEMETRY_APP_ID names/,
    );
  }));

test(
  "learn asks the tool behind a link, whose profile the shell has just emptied",
  { skip: noLink },
  () =>
    inWorld(async (world) => {
      installTool(world);
      const file = writeProfile(world, "acme.json", "");
      const PATH = placeLink(world, "acme");
      const words = [program[0], "learn", "--app-id", appID, "--", "acme"];
      const result = await world.execute(words, { env: { PATH } });
      assert.equal(result.stderr, "");
      writeFileSync(file, result.stdout);
      const signals = await world.execute([program[0], "explain", "--", "acme", "cl", "rm"], {
        env: { PATH },
      });
      assert.equal(JSON.parse(signals.stdout)[0].payload.command, "acme cluster delete");
    }),
);

test("status tells that a tool is newer than its profile, or has commands that the profile does not list", () =>
  inWorld(async (world) => {
    installTool(world);
    await save(world, "1.9.0", ["--app-id", appID]);
    const advice = async () => {
      const { profiles } = JSON.parse((await world.run(["status", "--json"])).stdout);
      return profiles[1].advice;
    };
    const run = async (...args: string[]) => {
      const env = { COBRA_TOOL_VERSION: "1.10.0" };
      await world.runToSink(["run", "--", "acme", ...args], { env });
      await world.couriersEnded();
    };
    assert.equal(await advice(), null);
    await run("cluster", "delete");
    assert.match(
      await advice(),
      /^the tool is of version 1\.10\.0, the profile of 1\.9\.0, .*learn --save -- acme$/,
    );
    await save(world, "1.10.0");
    assert.equal(await advice(), null);
    await run("forget");
    assert.match(
      await advice(),
      /^some commands count as acme alone, since the profile does not list them; /,
    );
    await save(world, "1.10.0");
    assert.equal(await advice(), null);
  }));

function realKubectl(): string | undefined {
  const { stdout, status } = spawnSync("sh", ["-c", "kubectl version --client >&2 && command -v kubectl"], {
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : undefined;
}

const kubectl = realKubectl();

/** Puts a kubectl in front of the real one that lists a few commands of its own and has all that are below. */
function installSmallKubectl(world: World): void {
  const listed = "^(apply|config|get|help|rollout|version)[[:space:]]|^:";
  const script = `if [ "$*" = "__complete " ] || [ "$*" = "__complete help " ]
    then '${kubectl}' "$@" | grep -E '${listed}'; else exec '${kubectl}' "$@"; fi`;
  writeFileSync(join(world.bin, "kubectl"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

test(
  "learn learns kubectl from kubectl",
  { skip: kubectl ? false : "there is no kubectl here" },
  () =>
    inWorld(async (world) => {
      // kubectl is asked hundreds of times, which takes it most of a minute.
      if (stress(false, true)) installSmallKubectl(world);
      const result = await world.run(["learn", "kubectl"]);
      assert.match(result.stderr, /^gs-telemetry: the profile needs an app ID[^\n]*\n$/);
      const file = join(world.home, "kubectl.json");
      writeFileSync(file, result.stdout);
      const lines: [line: string, name: string][] = [
        ["kubectl -n kube-system get pods -o wide", "kubectl get"],
        ["kubectl --context prod rollout status deploy/web", "kubectl rollout status"],
        ["kubectl get pods -- -h", "kubectl get"],
        ["kubectl config use prod", "kubectl config use-context"],
        ["kubectl apply --dry-run view-last-applied deploy/web", "kubectl apply view-last-applied"],
      ];
      for (const [line, name] of lines) {
        const explain = ["explain", "--app-id", appID, "--profile", file, "--", ...line.split(" ")];
        assert.equal(JSON.parse((await world.run(explain)).stdout)[0].payload.command, name);
      }
    }),
);
