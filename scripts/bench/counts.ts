/**
 * Counts what the program does between its start and the command's, which does not depend on how fast or how
 * busy the machine is, and compares with a budget that a change has to update knowingly.
 *
 * Of system calls the main thread's are counted, without those by which a runtime manages memory, threads and
 * signals: their number depends on the scheduler. What counts is what comes on top of an empty program of the
 * same toolchain.
 *
 * @module
 */

import { join } from "node:path";
import { bun, captureTool, root } from "../toolchains.ts";
import { type Case, caseNames, copyPrograms, listCases, toolchains } from "./cases.ts";
import { startServer, type TestServer } from "./servers.ts";

/** What a run does. */
interface Counts {
  readonly calls: number;
  /** In bytes, as `written`. */
  readonly read: number;
  readonly written: number;
  readonly files: number;
  /** Those that the main thread starts; all of them end before the command can start. */
  readonly threads: number;
  /** Nothing where there is no Valgrind. */
  readonly instructions?: number;
}

/** The counts of each case, on top of those of an empty program, and the runtimes that they hold for. */
interface Budget {
  readonly runtimes: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, Counts>>;
}

const budgetFile = join(root, "scripts/bench/budget.json");
const ofRuntime = /^(brk|clock_|clone|epoll_|futex|get[pt]id|m(map|advise|protect|remap|unmap)|munmap|poll)/;
const ofThreads = /^(prctl|rseq|rt_sig|sched_|set_|sigaltstack|sysinfo)/;
const reading = /^(read|pread64|readv|recvfrom|recvmsg)$/;
const writing = /^(write|pwrite64|writev|sendto|sendmsg)$/;
const naming = /^(access|chdir|creat|execve|mkdir|newfstatat|open|openat|readlink|rename|stat|statx|unlink)$/;

// How far two runs of one binary, or two machines with the same runtimes, lie apart.
// One of the threads is Bun's that makes memory ready, which some runs do not need.
const tolerated = { calls: 2, read: 512, written: 64, files: 1, threads: 1 };
const toleratedInstructions = 0.1;

// The fewest of several runs, since Bun collects garbage in some of them.
const attempts = 3;

const environment = { PATH: "/usr/bin:/bin" };
const command = ["/bin/true"];

/**
 * Counts, prints a table, and compares or updates the budget.
 *
 * @returns Whether all counts are within the budget.
 */
export async function checkCounts(isUpdate: boolean): Promise<boolean> {
  const runtimes = { bun: (await captureTool([bun, "--version"])).stdout.trim(), deno: Deno.version.deno };
  const counts = await countAll();
  console.log(table(counts));
  if (isUpdate) {
    await Deno.writeTextFile(budgetFile, `${JSON.stringify({ runtimes, counts }, null, 2)}\n`);
    return true;
  }
  const budget: Budget = JSON.parse(await Deno.readTextFile(budgetFile));
  for (const [name, version] of Object.entries(runtimes)) {
    if (budget.runtimes[name] !== version) {
      console.log(`the budget was made with ${name} ${budget.runtimes[name]}`);
    }
  }
  const excesses = Object.entries(counts).flatMap(([name, own]) =>
    listExcesses(name, own, budget.counts[name])
  );
  for (const excess of excesses) console.log(excess);
  return excesses.length === 0;
}

/** Says in a line each what is over budget. */
function listExcesses(name: string, counts: Counts, budget: Counts | undefined): string[] {
  if (!budget) return [`${name}: has no budget`];
  const instructions = Math.abs(budget.instructions ?? 0) * toleratedInstructions;
  return Object.entries({ ...tolerated, instructions }).flatMap(([key, tolerance]) => {
    const [count, limit] = [counts[key as keyof Counts], budget[key as keyof Counts]];
    if (count === undefined || limit === undefined || count <= limit + tolerance) return [];
    return [`${name}: ${count} ${key}, the budget is ${limit}`];
  });
}

/** Counts each state of both binaries, on top of an empty program. */
async function countAll(): Promise<Record<string, Counts>> {
  const folder = await Deno.makeTempDir();
  await copyPrograms(folder);
  const server = await startServer(true);
  const cases = listCases(folder, command, { healthy: server, silent: server, dropping: server }, []);
  const find = (wanted: string) => cases.find(({ name }) => name === wanted)!;
  const counts: Record<string, Counts> = {};
  for (const toolchain of toolchains) {
    const { empty, optedOut, starting, atWork } = caseNames(toolchain);
    const base = await countCase(find(empty), server, folder);
    for (const name of [optedOut, starting, atWork]) {
      counts[name] = subtract(await countCase(find(name), server, folder), base);
    }
  }
  server.stop();
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  return counts;
}

async function countCase(each: Case, server: TestServer, folder: string): Promise<Counts> {
  const trace = join(folder, "trace");
  await runOnce(each, server, ["strace", "-qq", "-o", trace]);
  const counts = countCalls(await Deno.readTextFile(trace));
  return { ...counts, instructions: await countInstructions(each, server, folder) };
}

/** Runs a case under a tool, in a state folder of its own; gives the process id. */
async function runOnce(each: Case, server: TestServer, tool: readonly string[]): Promise<number> {
  const state = await Deno.makeTempDir();
  const own = join(state, "gs-telemetry");
  // Who is opted out has none, and would delete it.
  const isRecorded = each.startsCourier || each.needsCourier;
  if (isRecorded) await Deno.mkdir(join(own, "queue"), { recursive: true, mode: 0o700 });
  const lock = each.needsCourier ? await takeCourierLock(own) : undefined;
  const before = server.requests();
  const [program, ...args] = [...tool, ...each.words];
  const env = { ...each.env, ...environment, XDG_STATE_HOME: state };
  const streams = { stdin: "null", stdout: "null", stderr: "null" } as const;
  const child = new Deno.Command(program, { args, env, clearEnv: true, ...streams }).spawn();
  const { success } = await child.status;
  lock?.close();
  if (!success) throw new Error(`failed: ${program} ${args.join(" ")}`);
  while (each.startsCourier && server.requests() === before) await new Promise((go) => setTimeout(go, 5));
  await Deno.remove(state, { recursive: true }).catch(() => {});
  return child.pid;
}

/** Holds the lock as a courier at work does. */
async function takeCourierLock(directory: string): Promise<Deno.FsFile> {
  const file = await Deno.open(join(directory, "courier.lock"), { create: true, write: true, mode: 0o600 });
  await file.lock(true);
  return file;
}

/** Counts the calls of a trace up to where the process becomes the command. */
function countCalls(trace: string): Counts {
  const [first, ...lines] = trace.split("\n").filter((line) => /^\w+\(/.test(line));
  const launch = lines.findIndex((line) => /^execve\(.* = 0$/.test(line));
  const own = [first, ...(launch < 0 ? lines : lines.slice(0, launch))];
  const threads = own.filter((line) => /^clone3?\(.*CLONE_THREAD/.test(line)).length;
  const calls = own.map(parseCall).filter(({ name }) => !ofRuntime.test(name) && !ofThreads.test(name));
  const sum = (names: RegExp) =>
    calls.filter(({ name }) => names.test(name)).reduce(
      (total, { result }) => total + Math.max(result, 0),
      0,
    );
  const paths = calls.filter(({ name, path }) => naming.test(name) && path).map(({ path }) => path);
  return {
    calls: calls.length,
    read: sum(reading),
    written: sum(writing),
    files: new Set(paths).size,
    threads,
  };
}

/** Takes a line of strace's apart, such as `openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3`. */
function parseCall(line: string) {
  const [, name] = /^(\w+)/.exec(line)!;
  const path = /^\w+\((?:AT_FDCWD, |\d+, )?"([^"]*)"/.exec(line)?.[1];
  return { name, path, result: Number(/ = (-?\d+)[^=]*$/.exec(line)?.[1] ?? 0) };
}

/** Counts instructions up to where the process becomes the command; all threads'. */
async function countInstructions(
  each: Case,
  server: TestServer,
  folder: string,
): Promise<number | undefined> {
  if (!(await captureTool(["valgrind", "--version"]).catch(() => undefined))?.success) return undefined;
  const counts: number[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    counts.push(await countInstructionsOnce(each, server, join(folder, `callgrind-${attempt}`)));
  }
  return Math.min(...counts);
}

async function countInstructionsOnce(each: Case, server: TestServer, output: string): Promise<number> {
  const options = [`--callgrind-out-file=${output}.%p`, "--dump-before=execve"];
  const pid = await runOnce(each, server, ["valgrind", "-q", "--tool=callgrind", ...options]);
  // What became a command was dumped in the moment before; an empty program at its end.
  const files = [`${output}.${pid}.1`, `${output}.${pid}`];
  const dumps = await Promise.all(files.map((file) => Deno.readTextFile(file).catch(() => "")));
  const [, total] = /^(?:totals|summary): (\d+)/m.exec(dumps.join("\n")) ?? [];
  return Number(total);
}

function subtract(counts: Counts, base: Counts): Counts {
  const { calls, read, written, files, threads, instructions } = counts;
  const isKnown = instructions !== undefined && base.instructions !== undefined;
  return {
    calls: calls - base.calls,
    read: read - base.read,
    written: written - base.written,
    files: files - base.files,
    threads: threads - base.threads,
    ...(isKnown && { instructions: instructions - base.instructions! }),
  };
}

function table(counts: Readonly<Record<string, Counts>>): string {
  const lines = Object.entries(counts).map(([name, counted]) => {
    const { calls, read, written, files, threads, instructions } = counted;
    const millions = instructions === undefined ? "" : (instructions / 1_000_000).toFixed(1);
    return `| ${[name, calls, read, written, files, threads, millions].join(" | ")} |`;
  });
  return [
    "| more than an empty program | system calls | bytes read | bytes written | files | threads | million instructions |",
    "|---|--:|--:|--:|--:|--:|--:|",
    ...lines,
  ].join("\n");
}
