import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inWorld, until, type World } from "../helpers/harness.ts";

/** A shell with the completions of a tool `acme`, which has the commands `deploy` and `list`. */
interface ShellSetup {
  readonly name: string;
  readonly shell: string;
  readonly command: string;
  readonly needs: readonly string[];
  readonly setup: string;
}

const prompt = "ready>";
const bashCompletion = "/usr/share/bash-completion/bash_completion";
const acmeInBash = `
_acme() { [[ $COMP_CWORD = 2 && \${COMP_WORDS[1]} = deploy ]] && COMPREPLY=($(compgen -W prod -- "$2")) ||
  COMPREPLY=($(compgen -W "deploy list" -- "$2")); }
complete -F _acme acme`;

const shells: readonly ShellSetup[] = [
  {
    name: "bash",
    shell: "bash",
    command: "bash --norc --noprofile -i",
    needs: ["bash"],
    setup: `eval "$(cat completions)"; ${acmeInBash}`,
  },
  {
    name: "bash with bash-completion",
    shell: "bash",
    command: "bash --norc --noprofile -i",
    needs: ["bash", bashCompletion],
    setup: `source ${bashCompletion}; eval "$(cat completions)"; ${acmeInBash}`,
  },
  {
    name: "zsh",
    shell: "zsh",
    command: "zsh -f -i",
    needs: ["zsh"],
    setup: `autoload -Uz compinit; compinit -u -d compdump; source completions
_acme() { if [[ $CURRENT = 3 && $words[2] = deploy ]]; then compadd prod; else compadd deploy list; fi }
compdef _acme acme`,
  },
  {
    name: "fish",
    shell: "fish",
    command: "fish --no-config -i",
    needs: ["fish"],
    setup: `source completions; complete -c acme -f
complete -c acme -n 'test (count (commandline -opc)) -eq 1' -a 'deploy list'
function fish_prompt; echo '${prompt}'; end
complete -c acme -n 'test "$(commandline -opc | string join .)" = acme.deploy' -a prod`,
  },
];

/** What is typed before Tab, and the arguments that the program gets then. */
const lines: readonly [typed: string, args: readonly string[]][] = [
  ["sta", ["status"]],
  ["run --app-", ["run", "--app-id"]],
  ["status --js", ["status", "--json"]],
  ["report pro", ["report", "profile.json"]],
  ["run --profile pro", ["run", "--profile", "profile.json"]],
  ["run --profile pro -- true", ["run", "--profile", "pro", "--", "true"]],
  ["completions zs", ["completions", "zsh"]],
  ["help expl", ["help", "explain"]],
  ["run -- acm", ["run", "--", "acme"]],
  ["learn acm", ["learn", "acme"]],
  ["run acme dep", ["run", "acme", "deploy"]],
  ["explain -- acme dep", ["explain", "--", "acme", "deploy"]],
  ["run --test-mode --name 'a b' acme dep", ["run", "--test-mode", "--name", "a b", "acme", "deploy"]],
  ["run --name=x --wait=3 -- acme deploy pr", [
    "run",
    "--name=x",
    "--wait=3",
    "--",
    "acme",
    "deploy",
    "prod",
  ]],
  ["run --wait acme deploy pr", ["run", "--wait", "acme", "deploy", "prod"]],
  // Behind the command's name the words are the command's own.
  ["run -- acme --app-", ["run", "--", "acme", "--app-"]],
  ["run acme list deploy pr", ["run", "acme", "list", "deploy", "pr"]],
];

function reasonToSkip({ needs }: ShellSetup): string | false {
  const missing = ["script", ...needs].find((need) =>
    need.startsWith("/") ? !existsSync(need) : spawnSync("sh", ["-c", `command -v ${need}`]).status !== 0
  );
  return missing === undefined ? false : `needs ${missing}`;
}

/** Types each line and Tab into the shell; gives the arguments that the program was then called with. */
async function typeInto(world: World, { shell, command, setup }: ShellSetup): Promise<string[][]> {
  const script = await world.run(["completions", shell]);
  assert.equal(script.stderr, "");
  const write = (name: string, text: string) => writeFileSync(join(world.home, name), text);
  write("completions", script.stdout);
  write("setup", setup);
  write("profile.json", "{}");
  tool(
    world,
    "gs-telemetry",
    `printf '%s\\0' "$@" >>"$HOME/called"; echo >>"$HOME/called"; echo "call" over`,
  );
  tool(world, "acme", "true");
  const child = spawn("script", ["-qefc", `stty cols 200; PS1='${prompt}' exec ${command}`, "/dev/null"], {
    cwd: world.home,
    env: world.environment({ TERM: "dumb" }),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  let shown = "";
  child.stdout.on("data", (chunk) => shown += chunk);
  const type = async (line: string) => {
    shown = "";
    child.stdin.write(line);
    await until(() => /call over[^]*ready>/.test(shown), `the prompt after: ${line}`);
  };
  try {
    await type("source ./setup; gs-telemetry start\n");
    for (const [typed] of lines) await type(`gs-telemetry ${typed}\t\n`);
    await type('gs-telemetry run -- "$(touch made)" dep\t\x15gs-telemetry end\n');
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
  const calls = readFileSync(join(world.home, "called"), "utf8").split("\n").slice(0, -1);
  return calls.slice(1, -1).map((call) => call.split("\0").slice(0, -1));
}

function tool(world: World, name: string, script: string): void {
  const file = join(world.bin, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

for (const setup of shells) {
  test(`${setup.name} completes the program's own words and the wrapped command's`, {
    skip: reasonToSkip(setup),
  }, () =>
    inWorld(async (world) => {
      const calls = await typeInto(world, setup);
      assert.deepEqual(calls, lines.map(([, args]) => args));
      assert.equal(existsSync(join(world.home, "made")), false, "what was typed is not run");
    }));
}
