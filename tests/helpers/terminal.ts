/**
 * A conversation with an interactive bash in a pseudo-terminal, which `script` (bsdutils) provides.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { until, type World } from "./harness.ts";
import { telemetry } from "./property.ts";

/** The keys that a terminal turns into signals or the end of input. */
export const keys = { interrupt: "\x03", endOfInput: "\x04", suspend: "\x1a", quit: "\x1c" } as const;

/** What a conversation can do. */
export interface Terminal {
  /** Types keys, or the wrapper and a command line. */
  type(text: string): void;
  typeWrapped(commandLine: string): void;
  /** Waits until this was shown since something was typed last. */
  shows(pattern: RegExp): Promise<string>;
  /** Waits for the shell's prompt and gives the status of what ended. */
  prompt(): Promise<string>;
  /** How often this was shown since the beginning. */
  count(text: string): number;
  /** Only in one direction: stty(1) makes two changes of two. */
  resize(rows: number): Promise<void>;
}

/** Holds a conversation in an empty folder. */
export async function converse(
  world: World,
  wrapper: readonly string[],
  talk: (terminal: Terminal) => Promise<unknown>,
): Promise<unknown> {
  const cwd = join(world.home, "work");
  rmSync(cwd, { recursive: true, force: true });
  mkdirSync(cwd);
  const env = { ...world.environment(telemetry), TERM: "dumb", SHELL: "/bin/bash", HISTFILE: "/dev/null" };
  const shell = "tty >terminal; PS1='<$?>' exec bash --norc --noprofile --noediting -i";
  const child = spawn("script", ["-qefc", shell, "/dev/null"], {
    cwd,
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  let shown = "";
  let mark = 0;
  child.stdout.on("data", (chunk) => shown += chunk);
  const terminal: Terminal = {
    type(text) {
      mark = shown.length;
      child.stdin.write(text);
    },
    typeWrapped: (commandLine) => terminal.type([...wrapper.map(quote), commandLine].join(" ") + "\n"),
    async shows(pattern) {
      await until(() => pattern.test(shown.slice(mark)), `the terminal to show ${pattern}`);
      return pattern.exec(shown.slice(mark))![0];
    },
    prompt: () => terminal.shows(/<\d+>$/),
    count: (text) => shown.split(text).length - 1,
    async resize(rows) {
      const name = readFileSync(join(cwd, "terminal"), "utf8").trim();
      await world.execute(["stty", "-F", name, "rows", String(rows)]);
    },
  };
  try {
    await terminal.prompt();
    return await talk(terminal);
  } finally {
    child.kill("SIGKILL"); // hangs the terminal up
    await ended;
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
