import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { appID } from "../helpers/constants.ts";
import { inWorld, program, type World } from "../helpers/harness.ts";
import { isInstalled } from "../helpers/property.ts";
import { noTerminal } from "../helpers/pseudo_terminal.ts";
import { converse, type Terminal } from "../helpers/terminal.ts";

type Caller = "person" | "script" | "ci" | "agent";

/** A line of a shell in which `gs` stands for a call of the program. */
type Surrounding = readonly [name: string, line: string, caller: Caller, needs?: string];

const builds = [
  ...["GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "JENKINS_URL", "TF_BUILD", "TEAMCITY_VERSION", "BUILDKITE"],
  ...["CODEBUILD_BUILD_ARN", "BITBUCKET_COMMIT", "DRONE"],
];
const agents = [
  ...["CLAUDECODE", "CURSOR_AGENT", "GEMINI_CLI", "CODEX_THREAD_ID", "OPENCODE", "AUGMENT_AGENT"],
  ...["ANTIGRAVITY_AGENT", "AI_AGENT", "COPILOT_CLI", "QWEN_CODE"],
];

/** Typed by somebody into bash in a terminal. */
const atTerminal: readonly Surrounding[] = [
  ["a terminal", "gs", "person"],
  ["a terminal, with errors in a file", "gs 2>errors", "person"],
  ["a pipe out of it", "gs | cat", "person"],
  ["a pipe into it", "echo x | gs", "person"],
  ["a pipe through it", "echo x | gs | cat", "person"],
  ["a job in the background", "gs & wait", "person"],
  ["a variable of tmux", "TMUX=/tmp/tmux-1000/default,1,0 gs", "person"],
  ["docker with -t: process 1 of a container", "unshare --pid --fork --mount-proc gs", "person", "unshare"],
  ["a session of another shell", "setsid --ctty --wait sh -c 'exec gs'", "person", "setsid"],
  ["a build that is told to be none", "CI=false gs", "person"],
  ["a script at a terminal", "sh -c 'gs; true'", "script"],
  ["a command substitution, as in a prompt", 'x="$(gs)"', "script"],
  ["make", "make --silent --file=makefile", "script", "make"],
  ["xargs", "echo x | xargs sh -c 'exec gs'", "script", "xargs"],
  ["a git hook", "git init --quiet . && git -c core.hooksPath=$HOME hook run pre-commit", "script", "git"],
  ["find", "find . -maxdepth 0 -exec gs ';'", "script", "find"],
  ["no terminal but for the output", "gs </dev/null 2>errors", "script"],
  ...agents.slice(5).map((name) => [`an agent in a terminal: ${name}`, `${name}=1 gs`, "agent"] as const),
  ...builds.slice(5).map((name) => [`a build in a terminal: ${name}`, `${name}=1 gs`, "ci"] as const),
];

/** Run without a terminal. */
const withoutTerminal: readonly Surrounding[] = [
  ["cron", "env -u TERM SHELL=/bin/sh gs", "script"],
  ["ssh without a terminal", "SSH_CONNECTION='10.0.0.1 1 10.0.0.2 22' gs", "script"],
  ["docker without -t", "unshare --pid --fork gs", "script", "unshare"],
  ["systemd", "INVOCATION_ID=0123456789abcdef0123456789abcdef gs", "script"],
  ["an agent in a build", "CI=true CLAUDECODE=1 gs", "agent"],
  ["a build by convention", "CI=true gs", "ci"],
  ...agents.slice(0, 5).map((name) => [`an agent: ${name}`, `${name}=1 gs`, "agent"] as const),
  ...builds.slice(0, 5).map((name) => [`a build: ${name}`, `${name}=1 gs`, "ci"] as const),
];

const profile = {
  name: "acme",
  displayName: "acme",
  match: [["true"]],
  appID,
  caller: true,
  root: { name: "acme" },
};

/** Makes `gs`, which becomes the program and writes its signal into a file. */
function install(world: World, folder: string): void {
  const words = program.map((word) => `'${word}'`).join(" ");
  writeFileSync(join(world.home, "acme.json"), JSON.stringify(profile));
  const explain = `exec ${words} explain --json --profile "$HOME/acme.json" -- true >"$HOME/signal.json"`;
  writeFileSync(join(world.bin, "gs"), `#!/bin/sh\n${explain}\n`, { mode: 0o755 });
  writeFileSync(join(folder, "makefile"), "all:\n\tgs\n");
  writeFileSync(join(world.home, "pre-commit"), "#!/bin/sh\ngs\n", { mode: 0o755 });
}

function foundCaller(world: World): unknown {
  const file = join(world.home, "signal.json");
  const [signal] = JSON.parse(readFileSync(file, "utf8"));
  rmSync(file);
  return signal.payload.caller;
}

function isPossible([, , , needs]: Surrounding): boolean {
  if (needs === "unshare" && process.getuid?.() !== 0) return false;
  return needs === undefined || isInstalled(needs);
}

/** Types the lines one after the other; gives what the program took for its caller. */
async function typeAll(world: World, terminal: Terminal): Promise<[string, unknown][]> {
  const found: [string, unknown][] = [];
  install(world, join(world.home, "work"));
  for (const surrounding of atTerminal.filter(isPossible)) {
    terminal.type(`${surrounding[1]}\n`);
    await terminal.prompt();
    found.push([surrounding[0], foundCaller(world)]);
  }
  return found;
}

test(
  "the caller of each command that is typed into a terminal is found",
  { skip: noTerminal },
  () =>
    inWorld(async (world) => {
      let found: [string, unknown][] = [];
      await converse(world, [], async (terminal) => found = await typeAll(world, terminal));
      assert.deepEqual(found, atTerminal.filter(isPossible).map(([name, , caller]) => [name, caller]));
    }),
);

for (const surrounding of withoutTerminal) {
  const [name, line, caller, needs] = surrounding;
  test(`the caller is a kind of ${caller} without a terminal: ${name}`, {
    skip: isPossible(surrounding) ? false : `needs ${needs} and root`,
  }, () =>
    inWorld(async (world) => {
      install(world, world.home);
      const { status, stderr } = await world.execute(["setsid", "--wait", "bash", "-c", line]);
      assert.deepEqual([status, stderr], [0, ""]);
      assert.equal(foundCaller(world), caller);
    }));
}

test("the tables have all surroundings that have to be told apart", () => {
  assert.ok(atTerminal.length + withoutTerminal.length >= 40);
});

test("no signal has a caller unless its profile asks for it, and none names a service or an agent", () =>
  inWorld(async (world) => {
    install(world, world.home);
    const env = { CI: "true", GITHUB_ACTIONS: "true", CLAUDECODE: "1", GS_TELEMETRY_APP_ID: appID };
    const plain = await world.run(["explain", "--json", "--", "true"], { env });
    assert.equal("caller" in JSON.parse(plain.stdout)[0].payload, false);
    const asked = await world.run(["explain", "--json", "--profile", "acme.json", "--", "true"], { env });
    assert.equal(JSON.parse(asked.stdout)[0].payload.caller, "agent");
    assert.doesNotMatch(asked.stdout, /CLAUDE|GITHUB/i);
    const page = await world.run(["explain", "--human", "--profile", "acme.json", "--", "true"], { env });
    assert.match(page.stdout, /^caller {2}agent\n {2}CLAUDECODE is set\. /m);
  }));

test("kubectl-gs's signals are byte for byte what its own library writes, whoever calls it and from wherever", () =>
  inWorld(async (world) => {
    const callers = [{}, { CI: "true" }, { CLAUDECODE: "1" }, { MAKELEVEL: "1" }];
    const signals = await Promise.all(callers.map(async (env) => {
      const { stdout } = await world.run(["explain", "--json", "--", "kubectl", "gs", "login", "x"], { env });
      const [{ sessionID, clientUser, ...signal }] = JSON.parse(stdout);
      assert.deepEqual([sessionID.length, clientUser.length], [36, 64]);
      return JSON.stringify({ ...signal });
    }));
    const [{ payload }] = signals.map((signal) => JSON.parse(signal));
    const device = Object.entries(payload).filter(([key]) => key.startsWith("TelemetryDeck."));
    const expected = JSON.stringify({
      appID,
      isTestMode: false,
      type: "GiantSwarm.command",
      payload: { ...Object.fromEntries(device), command: "kubectl gs login" },
    });
    assert.deepEqual(signals, callers.map(() => expected));
    assert.deepEqual(Object.keys(payload), [
      "TelemetryDeck.Device.architecture",
      "TelemetryDeck.Device.operatingSystem",
      "TelemetryDeck.SDK.nameAndVersion",
      "command",
    ]);
  }));
