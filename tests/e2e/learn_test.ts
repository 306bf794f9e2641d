import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { nameCommand } from "../../lib/profile/name.ts";
import { checkProfile } from "../../lib/profile/schema.ts";
import { appID, inWorld, type World } from "../helpers/harness.ts";
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
      assert.ok(args[0] === "__complete" || args.at(-1) === "--help", `no other call: ${args.join(" ")}`);
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
      assert.equal(result.stderr, "");
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
