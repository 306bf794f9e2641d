/**
 * Measures what gs-telemetry costs, beside programs that do nothing and beside other wrappers.
 *
 *     deno task bench [ROUNDS] [COMMAND]      times and memory; 50 rounds of /bin/true if not given
 *       --output FILE                         where the figures go as JSON; dist/bench.json if not given
 *       --document                            puts the tables into docs/benchmarks.md, too
 *     deno task bench trouble [ROUNDS] [COMMAND]
 *                                             wall times where the network fails, beside opted-out ones; 100
 *                                             rounds of kubectl version --client if not given
 *     deno task bench usage [SIGNALS]         how much a sink keeps and how long a report takes; 1,000,000 signals if
 *                                             not given
 *     deno task bench counts [--update]       what does not depend on the machine, against its budget
 *
 * Each round runs each case once, in an order of its own, so that what slows the machine down, or what a case
 * leaves behind for the next one, slows all of them; a case is compared with the command alone in the same
 * round, and the medians count. That is why no tool is used that runs all rounds of one case before those of
 * the next.
 *
 * Needs Linux, Python and both binaries (`deno task compile`). As root it cuts itself off from the network.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import {
  type Case,
  caseNames,
  commandAlone,
  comparedKinds,
  comparedProgram,
  copyPrograms,
  listCases,
  type Servers,
  type Toolchain,
  toolchains,
} from "./bench/cases.ts";
import { checkCounts } from "./bench/counts.ts";
import { describeMachine } from "./bench/machine.ts";
import { Measurer, type Usage } from "./bench/measurer.ts";
import { residentMemory } from "./bench/memory.ts";
import { findPeers, installPeers, type Peer } from "./bench/peers.ts";
import {
  compareWalls,
  judge,
  median,
  putIntoDocument,
  type Row,
  summarize,
  table,
  targetTable,
  troubleTable,
} from "./bench/report.ts";
import { startDroppingServer, startServer } from "./bench/servers.ts";
import { benchUsage } from "./bench/usage.ts";
import { compileForHost } from "./compile.ts";
import { root, runTool } from "./toolchains.ts";

const isolatedMarker = "BENCH_IS_ISOLATED";
const defaultOutput = join(root, "dist/bench.json");
const lookEvery = 5;

/** The binaries in a folder of their own, the servers and what measures. */
interface Setting {
  readonly cases: readonly Case[];
  readonly servers: Servers;
  readonly measurer: Measurer;
  end(): Promise<void>;
}

async function prepare(command: readonly string[], peers: readonly Peer[]): Promise<Setting> {
  await compileComparedPrograms();
  const folder = await Deno.makeTempDir();
  await copyPrograms(folder);
  const [healthy, silent, dropping] = await Promise.all([
    startServer(true),
    startServer(false),
    startDroppingServer(),
  ]);
  const servers: Servers = { healthy, silent, dropping };
  const measurer = new Measurer();
  return {
    cases: listCases(folder, command, servers, peers),
    servers,
    measurer,
    async end() {
      await measurer.stop();
      for (const server of Object.values(servers)) server.stop();
      await Deno.remove(folder, { recursive: true }).catch(() => {});
    },
  };
}

async function bench(
  rounds: number,
  command: readonly string[],
  output: string,
  isDocumented: boolean,
): Promise<void> {
  const { peers, missing } = await findPeers();
  const { cases, servers, measurer, end } = await prepare(command, peers);
  const usages = await runRounds(cases, rounds, measurer, servers);
  const courierPeaks = await measureCouriers(cases, measurer, servers);
  const rows: Row[] = [];
  for (const each of cases) {
    const resident = each.wrapper ? await residentMemory(each) : undefined;
    rows.push(summarize(each.name, usages.get(each.name)!, usages.get(commandAlone)!, resident));
  }
  await end();
  const targets = judge(rows, courierPeaks);
  const machine = await describeMachine(peers);
  const figures = { machine, command, rounds, rows, missing, courierPeaks, targets };
  await Deno.writeTextFile(output, `${JSON.stringify(figures, null, 2)}\n`);
  const heading = `${machine}. ${describeRounds(command, rounds)}`;
  const text = [heading, table(rows, missing), targetTable(targets)].join("\n\n");
  console.log(text);
  if (isDocumented) await putIntoDocument("figures", text);
}

/** A run must not take longer for what the network does: not even its recording may be felt. */
async function benchTrouble(
  rounds: number,
  command: readonly string[],
  isDocumented: boolean,
): Promise<void> {
  const { cases, servers, measurer, end } = await prepare(command, []);
  const names = toolchains.flatMap((toolchain) => troubles(toolchain).flat());
  const compared = cases.filter(({ name }) => names.includes(name));
  const usages = await runRounds(compared, rounds, measurer, servers);
  await end();
  const rows = toolchains.flatMap((toolchain) =>
    troubles(toolchain).map(([name, optedOut]) =>
      compareWalls(name, usages.get(name)!, usages.get(optedOut)!)
    )
  );
  const heading = `${await describeMachine([])}. ${describeRounds(command, rounds)}`;
  const text = [heading, troubleTable(rows)].join("\n\n");
  console.log(text);
  if (isDocumented) await putIntoDocument("trouble", text);
}

/** The states in which the network fails, each beside the one in which nothing is recorded. */
function troubles(toolchain: Toolchain): (readonly [string, string])[] {
  const { optedOut, silent, dropping, nowhere } = caseNames(toolchain);
  return [silent, dropping, nowhere].map((name) => [name, optedOut]);
}

function describeRounds(command: readonly string[], rounds: number): string {
  return `${command.join(" ")}, ${rounds} rounds, medians:`;
}

async function compileComparedPrograms(): Promise<void> {
  const programs = { empty: "export {};\n", least: 'import "../../../scripts/bench/least.ts";\n' } as const;
  for (const kind of comparedKinds) {
    const entry = join(root, "dist/bench", kind, "cli.ts");
    await Deno.mkdir(dirname(entry), { recursive: true });
    await Deno.writeTextFile(entry, programs[kind]);
    for (const toolchain of toolchains) {
      await compileForHost(toolchain, entry, comparedProgram(kind, toolchain));
    }
  }
}

async function runRounds(
  cases: readonly Case[],
  rounds: number,
  measurer: Measurer,
  servers: Servers,
): Promise<Map<string, Usage[]>> {
  const usages = new Map<string, Usage[]>(cases.map(({ name }) => [name, []]));
  // One more, which is not counted: folders are made, caches filled, back-offs begun.
  for (let round = -1; round < rounds; round++) {
    for (const each of shuffle(cases)) {
      const usage = await measureCase(each, round, measurer, servers);
      if (round >= 0) usages.get(each.name)!.push(usage);
    }
    if (Deno.stderr.isTerminal()) Deno.stderr.writeSync(new TextEncoder().encode(`\r${round + 1}/${rounds}`));
  }
  return usages;
}

function shuffle<T>(values: readonly T[]): T[] {
  return values.map((value) => ({ value, key: Math.random() })).sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}

async function measureCase(
  each: Case,
  round: number,
  measurer: Measurer,
  { healthy }: Servers,
): Promise<Usage> {
  const { words, env } = each;
  if (each.needsCourier) await measurer.measure(words, env);
  if (!each.startsCourier) return await measurer.measure(words, env);
  const state = join(env.HOME, `state-${round}`);
  await Deno.mkdir(join(state, "gs-telemetry/queue"), { recursive: true, mode: 0o700 });
  // The first run of a user's makes it; this is about all others.
  await Deno.writeTextFile(join(state, "gs-telemetry/courier.lock"), "", { mode: 0o600 });
  const before = healthy.requests();
  const usage = await measurer.measure(words, { ...env, XDG_STATE_HOME: state });
  // So that its courier does not slow the next case down.
  while (healthy.requests() === before) await new Promise((resolve) => setTimeout(resolve, lookEvery));
  return usage;
}

/** The greatest resident set of a courier that delivers one signal, in MB. */
async function measureCouriers(
  cases: readonly Case[],
  measurer: Measurer,
  { healthy }: Servers,
): Promise<Record<string, number>> {
  const peaks: Record<string, number> = {};
  for (const toolchain of toolchains) {
    const { words: [program], env } = cases.find(({ name }) => name === caseNames(toolchain).nowhere)!;
    const [signal] = Deno.readDirSync(join(env.XDG_STATE_HOME, "gs-telemetry/queue"));
    const text = Deno.readTextFileSync(join(env.XDG_STATE_HOME, "gs-telemetry/queue", signal.name));
    const rounds: number[] = [];
    for (let round = 0; round < 5; round++) {
      const state = join(env.HOME, `courier-${round}`);
      const queue = join(state, "gs-telemetry/queue");
      await Deno.mkdir(queue, { recursive: true, mode: 0o700 });
      const entry = { ...JSON.parse(text), url: `${healthy.url}v2/` };
      await Deno.writeTextFile(join(queue, signal.name), JSON.stringify(entry));
      const own = { ...env, XDG_STATE_HOME: state, GS_TELEMETRY_COURIER: "1" };
      rounds.push((await measurer.measure([program, "courier", "--now"], own)).peak);
      if ([...Deno.readDirSync(queue)].length > 0) throw new Error("the courier has not delivered");
    }
    peaks[toolchain] = median(rounds) * 1024 / 1_000_000;
  }
  return peaks;
}

/** Runs this same script where nothing but loopback can be reached, if that is possible; tells how it ended. */
async function runIsolated(): Promise<boolean | undefined> {
  if (Deno.uid() !== 0 || Deno.env.has(isolatedMarker)) return undefined;
  const self = [
    Deno.execPath(),
    "run",
    "--quiet",
    "--allow-all",
    join(root, "scripts/bench.ts"),
    ...Deno.args,
  ];
  const script = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", ...self];
  return await runTool(script, { [isolatedMarker]: "1" });
}

async function main(): Promise<boolean> {
  const { values, positionals: [first, ...rest] } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: {
      document: { type: "boolean", default: false },
      output: { type: "string", default: defaultOutput },
      update: { type: "boolean", default: false },
    },
  });
  const isCounting = first === "counts";
  if (!isCounting && first !== "trouble" && first !== "usage") await installPeers();
  const isolated = await runIsolated();
  if (isolated !== undefined) return isolated;
  if (isCounting) {
    await compileComparedPrograms();
    return await checkCounts(values.update);
  }
  if (first === "usage") {
    console.log(await benchUsage(Number(rest[0] ?? 1_000_000)));
    return true;
  }
  if (first === "trouble") {
    const [rounds = 100, command = "kubectl version --client"] = rest;
    await benchTrouble(Number(rounds), command.split(" "), values.document);
    return true;
  }
  await bench(Number(first ?? 50), (rest[0] ?? "/bin/true").split(" "), values.output, values.document);
  return true;
}

if (!await main()) Deno.exitCode = 1;
