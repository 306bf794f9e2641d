/**
 * Counts that do not depend on how busy a machine is: instructions, system calls, files and bytes from a
 * run's start until it becomes the command, against a budget that a change must update knowingly.
 *
 * @module
 */

import { join } from "node:path";
import { hostBinary } from "../compile.ts";
import { captureTool, projectName, root } from "../toolchains.ts";
import { type Toolchain, toolchains } from "./cases.ts";
import { nowhere } from "./servers.ts";
import { readTrace } from "./trace.ts";

/** What a run does until it becomes the command, its children but not the courier included. */
export interface Counts {
  /** Of the process itself, by callgrind, in thousands. */
  readonly instructions?: number;
  /** Without those by which threads wait and memory is managed, whose number changes from run to run. */
  readonly systemCalls: number;
  /** Different paths. */
  readonly files: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

type State = "opted out" | "signal, courier at work" | "signal, courier started";
type Budget = Record<string, Counts>;

const states: readonly State[] = ["opted out", "signal, courier at work", "signal, courier started"];
const budgetFile = join(root, "scripts/bench/budget.json");
// What a runtime does of its own accord differs by that much from run to run.
const tolerance = 1.03;
// The fewest of several runs, since Bun collects garbage in some of them.
const attempts = 3;
// So that a signal's length is always the same.
const session = "4539763B-A291-4835-B832-9BEB80CA7039";

/**
 * Counts, and compares with the budget or writes it.
 *
 * @returns The exit status: 1 where a count is over its budget.
 */
export async function checkCounts(update: boolean): Promise<number> {
  const counted: Budget = {};
  for (const toolchain of toolchains) {
    for (const state of states) counted[`${toolchain}, ${state}`] = await count(toolchain, state);
  }
  if (update) {
    await Deno.writeTextFile(budgetFile, `${JSON.stringify(counted, null, 2)}\n`);
    console.log(`written: ${budgetFile}`);
    return 0;
  }
  const budget: Budget = JSON.parse(await Deno.readTextFile(budgetFile));
  let isOver = false;
  for (const [name, counts] of Object.entries(counted)) {
    for (const [what, value] of Object.entries(counts)) {
      const allowed = budget[name]?.[what as keyof Counts] ?? Infinity;
      const verdict = value > allowed * tolerance ? "OVER BUDGET" : "ok";
      isOver ||= verdict !== "ok";
      console.log(
        `${name.padEnd(32)} ${what.padEnd(13)} ${String(value).padStart(9)} of ${allowed}  ${verdict}`,
      );
    }
  }
  return isOver ? 1 : 0;
}

async function count(toolchain: Toolchain, state: State): Promise<Counts> {
  const home = await Deno.makeTempDir();
  try {
    const directory = join(home, ".local/state/gs-telemetry");
    await Deno.mkdir(join(directory, "queue"), { recursive: true, mode: 0o700 });
    const program = join(home, projectName);
    await Deno.symlink(hostBinary(toolchain), program);
    using lock = await Deno.open(join(directory, "courier.lock"), { create: true, write: true });
    if (state === "signal, courier at work") await lock.lock(true);
    const words = [program, "run", "--app-id", session, "--session", session, "--", "/bin/true"];
    const env = {
      GS_TELEMETRY_ENDPOINT: nowhere,
      HOME: home,
      PATH: "/usr/bin:/bin",
      ...(state === "opted out" ? { DO_NOT_TRACK: "1" } : {}),
    };
    const trace = join(home, "trace");
    await run(["strace", "--follow-forks", "--output", trace, ...words], env);
    const counts = readTrace(await Deno.readTextFile(trace));
    return { instructions: await countInstructions(home, words, env), ...counts };
  } finally {
    await Deno.remove(home, { recursive: true }).catch(() => {});
  }
}

/** Counts until the process becomes the command; callgrind writes nothing at an exec of its own accord. */
async function countInstructions(
  home: string,
  words: readonly string[],
  env: Record<string, string>,
): Promise<number | undefined> {
  const output = join(home, "callgrind");
  const options = ["--tool=callgrind", "--dump-before=execvp*", `--callgrind-out-file=${output}`];
  const totals: number[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    const isCounted = await run(["valgrind", ...options, ...words], env).then(() => true, () => false);
    if (!isCounted) return undefined;
    const [, total] = /^totals: (\d+)$/m.exec(await Deno.readTextFile(`${output}.1`)) ?? [];
    totals.push(Number(total));
  }
  return Math.round(Math.min(...totals) / 1_000);
}

async function run(words: readonly string[], env: Record<string, string>): Promise<void> {
  const { success, output } = await captureTool(words, { ...env, DO_NOT_TRACK: env.DO_NOT_TRACK ?? "" });
  if (!success) throw new Error(output.trim());
}
