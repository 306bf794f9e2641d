/**
 * Asks a tool built with cobra about itself, through the hidden command `__complete` that its shell
 * completion uses. No call does more than print: none gets a terminal or input, each stands in an
 * empty folder, opted out of telemetry, with limits of time and output.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** A word that the tool offers, and what it says about it. */
export interface Offer {
  readonly word: string;
  readonly description: string;
}

/** What the tool answered. */
export interface Answer {
  readonly offers: readonly Offer[];
  /** What it said on stderr: why it could not understand the words. */
  readonly complaint: string;
}

const timeIsUp = "the time is up; allow more with --timeout SECONDS";
const callTimeout = 15_000;
const outputLimit = 4 * 1024 * 1024;
const callsAtOnce = 4;

/** A tool that is asked, a few calls at a time. */
export class Asker {
  readonly #tool: readonly [string, ...string[]];
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #deadline: number;
  /** An empty directory, in which each call stands. */
  readonly directory: string = mkdtempSync(join(tmpdir(), "gs-telemetry-learn-"));
  readonly #waiting: (() => void)[] = [];
  #free = callsAtOnce;

  /**
   * @param variables What is set for each call.
   * @param deadline When to give up, in milliseconds since 1970.
   */
  constructor(
    tool: readonly [string, ...string[]],
    variables: Readonly<Record<string, string>>,
    deadline: number,
  ) {
    this.#tool = tool;
    this.#env = { ...process.env, ...variables };
    this.#deadline = deadline;
  }

  /** Asks for the completions of a command line's last word; `undefined` if the tool does not answer as cobra does. */
  async complete(words: readonly string[]): Promise<Answer | undefined> {
    const { stdout, stderr } = await this.#call(["__complete", ...words]);
    const lines = stdout.trimEnd().split("\n");
    if (!/^:\d+$/.test(lines.pop() ?? "")) return undefined;
    return { offers: lines.filter((line) => line !== "").map(parseOffer), complaint: stderr };
  }

  /** Asks for the help of a command that is known to parse its flags, so that this cannot run it. */
  async help(path: readonly string[]): Promise<string> {
    return (await this.#call([...path, "--help"])).stdout;
  }

  close(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #call(words: readonly string[]): Promise<{ stdout: string; stderr: string }> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free--;
    try {
      return await this.#spawn(words);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }

  #spawn(words: readonly string[]): Promise<{ stdout: string; stderr: string }> {
    const timeout = Math.min(callTimeout, this.#deadline - Date.now());
    if (timeout <= 0) throw new Error(timeIsUp);
    const [program, ...args] = this.#tool;
    const child = spawn(program, [...args, ...words], {
      cwd: this.directory,
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout,
      killSignal: "SIGKILL",
      windowsHide: true,
    });
    const output = { stdout: "", stderr: "" };
    const keep = (stream: keyof typeof output) => (chunk: unknown) => {
      output[stream] += chunk;
      if (output[stream].length > outputLimit) child.kill("SIGKILL");
    };
    child.stdout.setEncoding("utf8").on("data", keep("stdout"));
    child.stderr.setEncoding("utf8").on("data", keep("stderr"));
    return new Promise((resolve, reject) => {
      child.on("error", (error) => reject(new Error(`cannot run '${program}': ${error.message}`)));
      child.on("close", (_status, signal) => {
        if (signal !== "SIGKILL") return resolve(output);
        const isLate = Date.now() >= this.#deadline;
        reject(new Error(isLate ? timeIsUp : `no answer to '${[...this.#tool, ...words].join(" ")}'`));
      });
    });
  }
}

function parseOffer(line: string): Offer {
  const tab = line.indexOf("\t");
  return tab < 0
    ? { word: line, description: "" }
    : { word: line.slice(0, tab), description: line.slice(tab + 1) };
}
