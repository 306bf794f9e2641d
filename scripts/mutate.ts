/**
 * Asks whether the unit tests notice small mistakes: makes one at a time in a copy of this checkout and runs the
 * tests of the file's room. `deno task mutate [SEED] [COUNT] [FILE…]` prints each mistake that no test noticed.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { globSync } from "node:fs";
import { listMutations, type Mutation } from "./mutate/mutations.ts";
import { captureTool, isThere, root } from "./toolchains.ts";

/** The files whose rules can be tested without a process or a terminal of their own. */
const pureFiles = [
  "lib/commands/*_page.ts",
  "lib/commands/page.ts",
  "lib/consent/*.ts",
  "lib/delivery/*.ts",
  "lib/directories/*.ts",
  "lib/profile/*.ts",
  "lib/run/{command_line,options,plan,record,settle}.ts",
  "lib/signal/*.ts",
];

const usualCount = "100";
/** How long tests may take at first, in milliseconds. */
const firstLimit = 600_000;
/** A mistake can make a test wait for ever: how many times as long as without it the tests may take, and at least. */
const patience = 10;
const leastLimit = 30_000;

interface Candidate extends Mutation {
  readonly file: string;
}

/** Chooses some at random, the same ones for the same seed. */
function choose<T>(all: readonly T[], count: number, seed: number): T[] {
  const random = randomNumbers(seed);
  const shuffled = all.map((each) => ({ each, rank: random() })).sort((one, other) => one.rank - other.rank);
  return shuffled.slice(0, count).map(({ each }) => each);
}

/** Makes a generator of numbers from 0 up to 1 (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}

/** Copies what Git knows or would add, without what was installed: that is linked. */
async function copyCheckout(): Promise<string> {
  const copy = await Deno.makeTempDir({ prefix: "gs-telemetry-mutate-" });
  const listed = await captureTool(["git", "ls-files", "--cached", "--others", "--exclude-standard"]);
  for (const file of listed.stdout.trim().split("\n")) {
    await Deno.mkdir(join(copy, dirname(file)), { recursive: true });
    await Deno.copyFile(join(root, file), join(copy, file));
  }
  await Deno.symlink(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** Returns the tests of a file, where those for it alone come first, and then those of its room. */
function testsOf(file: string): string[] {
  const room = `tests/unit/${file.split("/")[1]}`;
  const own = join(room, `${basename(file, ".ts")}_test.ts`);
  return [own, isThere(room) ? room : "tests/unit"].filter(isThere);
}

async function passes(copy: string, tests: string, timeLimit: number): Promise<boolean> {
  const flags = ["--quiet", "--no-check", "--allow-all", "--fail-fast"];
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", ...flags, tests],
    cwd: copy,
    stdin: "null",
    stdout: "null",
    stderr: "null",
    signal: AbortSignal.timeout(timeLimit),
  });
  return (await child.output()).success;
}

/** Makes the mistake, runs the tests, and takes it back. */
async function isNoticed(copy: string, candidate: Candidate, limits: TimeLimits): Promise<boolean> {
  const { file, start, end, replacement } = candidate;
  const path = join(copy, file);
  const code = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, code.slice(0, start) + replacement + code.slice(end));
  try {
    for (const tests of testsOf(file)) if (!await passes(copy, tests, limits.get(tests)!)) return true;
    return false;
  } finally {
    await Deno.writeTextFile(path, code);
  }
}

async function readCandidates(copy: string, file: string): Promise<Candidate[]> {
  const code = await Deno.readTextFile(join(copy, file));
  return listMutations(code).map((mutation) => ({ ...mutation, file }));
}

async function describe(copy: string, { file, line, start, end, replacement }: Candidate): Promise<string> {
  const original = (await Deno.readTextFile(join(copy, file))).slice(start, end);
  return `${file}:${line}: ${oneLine(original)} -> ${oneLine(replacement)}`;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
}

/** How long each of the tests may take, in milliseconds. */
type TimeLimits = ReadonlyMap<string, number>;

/** Runs the tests without a mistake, to see that they pass and how long that takes. */
async function measure(copy: string, files: readonly string[]): Promise<TimeLimits> {
  const limits = new Map<string, number>();
  for (const tests of new Set(files.flatMap(testsOf))) {
    const start = performance.now();
    if (!await passes(copy, tests, firstLimit)) throw new Error(`${tests} fails without any mistake`);
    limits.set(tests, Math.max(leastLimit, patience * (performance.now() - start)));
  }
  return limits;
}

async function mutate(copy: string, chosen: readonly Candidate[]): Promise<number> {
  const limits = await measure(copy, chosen.map(({ file }) => file));
  let noticed = 0;
  for (const candidate of chosen) {
    if (await isNoticed(copy, candidate, limits)) noticed++;
    else console.log(await describe(copy, candidate));
  }
  return noticed;
}

const [seed = String(Date.now() % 1_000), count = usualCount, ...files] = Deno.args;
const names = files.length > 0 ? files : globSync(pureFiles, { cwd: root }).sort();
const copy = await copyCheckout();
try {
  const all = (await Promise.all(names.map((file) => readCandidates(copy, file)))).flat();
  const chosen = choose(all, Number(count), Number(seed));
  const noticed = await mutate(copy, chosen);
  const scope = `of ${all.length} in ${names.length} files`;
  console.log(`seed ${seed}: ${noticed} of ${chosen.length} mistakes noticed, ${scope}`);
} finally {
  await Deno.remove(copy, { recursive: true });
}
