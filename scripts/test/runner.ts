/**
 * Runs the tools that test: `deno test`, `bun test` and the static checks. What they print goes to a log,
 * so that suites can run side by side.
 *
 * @module
 */

import { availableParallelism } from "node:os";
import { bun, root } from "../toolchains.ts";
import { failed, type Outcome, passed, readReport, skipped } from "./outcome.ts";

/** Where the output of a suite goes. */
export type Log = (text: string) => void;

/** What a suite gets to run with. */
export interface Bench {
  readonly log: Log;
  /** Variables for every process of the suite. */
  readonly env: Readonly<Record<string, string>>;
}

/** How to run the tests of a directory. */
export interface TestManner {
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the files share nothing, so that several may run at the same time. */
  readonly parallel?: boolean;
}

/** Two suites run at a time, each with this many files at a time: a test waits more than it computes. */
const jobs = Math.max(2, availableParallelism());

/** How long a suite may take before it counts as hanging, in milliseconds. */
const suiteLimit = 25 * 60_000;

/** How long one test of Bun's may take, in milliseconds. */
const testLimit = 300_000;

/** Runs a tool to its end; returns whether it succeeded. */
export async function execute(
  command: readonly string[],
  { log, env }: Bench,
  more: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const child = new Deno.Command(command[0], {
    args: command.slice(1),
    cwd: root,
    env: { NO_COLOR: "1", ...env, ...more },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const limit = setTimeout(() => child.kill("SIGKILL"), suiteLimit);
  const [{ success }] = await Promise.all([child.status, copy(child.stdout, log), copy(child.stderr, log)]);
  clearTimeout(limit);
  return success;
}

async function copy(stream: ReadableStream<Uint8Array<ArrayBuffer>>, log: Log): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) log(text);
}

/** Runs a check of Deno's own, such as `deno lint`; shows what it says if it finds something. */
export async function check(words: readonly string[], { log, env }: Bench): Promise<Outcome> {
  const texts: string[] = [];
  const collect = (text: string) => void texts.push(text);
  if (await execute([Deno.execPath(), ...words], { log: collect, env })) return passed;
  log(texts.join(""));
  return failed;
}

/** Runs the tests of a directory with `deno test`. */
export function denoTests(
  folder: string,
  bench: Bench,
  { env, parallel }: TestManner = {},
): Promise<Outcome> {
  const words = ["test", "--quiet", "--no-check", "--allow-all", ...(parallel ? ["--parallel"] : [])];
  const command = (report: string) => [Deno.execPath(), ...words, `--junit-path=${report}`, folder];
  return countedTests(command, bench, { ...env, DENO_JOBS: String(jobs) });
}

/** Runs the tests of a directory with `bun test`. */
export function bunTests(folder: string, bench: Bench, { env, parallel }: TestManner = {}): Promise<Outcome> {
  const words = ["test", `--timeout=${testLimit}`, ...(parallel ? [`--parallel=${jobs}`] : [])];
  const command = (report: string) => [
    ...[bun, ...words, "--reporter=junit", `--reporter-outfile=${report}`, folder],
  ];
  return countedTests(command, bench, env);
}

async function countedTests(
  command: (report: string) => readonly string[],
  bench: Bench,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const succeeded = await execute(command(report), bench, env);
    const outcome = readReport(await Deno.readTextFile(report));
    // A run that breaks down outside of its tests has failed too.
    return succeeded || outcome.failed > 0 ? outcome : { ...outcome, failed: 1 };
  } finally {
    await Deno.remove(report);
  }
}

/** Counts a suite that cannot run here as skipped, and says why. */
export function skip(reason: string, { log }: Bench): Outcome {
  log(`skipped: ${reason}\n`);
  return skipped;
}
