/**
 * Measures the receiving end: how many signals a second a sink keeps, what memory it takes, and how long a report
 * takes, beside `sqlite3` asking for the commands alone.
 *
 * @module
 */

import { createWriteStream } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { hostBinary } from "../compile.ts";
import { toolchains } from "./cases.ts";
import { Measurer } from "./measurer.ts";

const batchSize = 100;
const connections = 8;
const people = 20_000;
const few = 10_000;
const days = 60;
const hour = 3_600_000;
const commands = [
  "login",
  "get clusters",
  "get apps",
  "get releases",
  "template cluster",
  "template app",
  "update app",
];
const question = "SELECT command, count(DISTINCT client_user), count(*) FROM usage GROUP BY command";

/** Numbers below a limit, the same in each run. */
function numbers(): (limit: number) => number {
  let state = 12_345;
  return (limit) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % limit;
  };
}

/** Signals, of which the first is the oldest. */
function makeSignal(index: number, total: number, pick: (limit: number) => number): string {
  const age = Math.floor((1 - index / total) * days * 24) * hour;
  const version = `5.${pick(8)}.0`;
  return JSON.stringify({
    receivedAt: new Date(Math.floor((Date.now() - age) / hour) * hour).toISOString(),
    appID: "4539763B-A291-4835-B832-9BEB80CA7039",
    clientUser: pick(people).toString(16).padStart(8, "0").repeat(8),
    sessionID: `4539763b-a291-4835-b832-${index.toString(16).padStart(12, "0")}`,
    isTestMode: false,
    type: "GiantSwarm.command",
    payload: {
      "TelemetryDeck.AppInfo.version": version,
      "TelemetryDeck.Device.architecture": "amd64",
      "TelemetryDeck.Device.operatingSystem": ["linux", "darwin"][pick(2)],
      "TelemetryDeck.SDK.nameAndVersion": "gs-telemetry/0.1.0",
      appVersion: version,
      command: `kubectl gs ${commands[pick(commands.length)]}`,
    },
  });
}

function post(endpoint: string, body: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const headers = { "content-type": "application/json", "content-length": body.length };
  const sent = request(endpoint, { method: "POST", agent: false, headers }, (response) => {
    response.resume();
    response.on(
      "end",
      () => response.statusCode === 200 ? resolve() : reject(new Error(`${response.statusCode}`)),
    );
  });
  sent.on("error", reject);
  sent.end(body);
  return promise;
}

/** Sends signals in batches over several connections; gives how many a second were acknowledged. */
async function send(endpoint: string, from: number, to: number, total: number): Promise<number> {
  const pick = numbers();
  let next = from;
  const start = performance.now();
  const sender = async () => {
    while (next < to) {
      const first = next;
      next += batchSize;
      const signals = Array.from({ length: batchSize }, (_, index) => makeSignal(first + index, total, pick));
      await post(endpoint, `[${signals.join(",")}]`);
    }
  };
  await Promise.all(Array.from({ length: connections }, sender));
  return Math.round((to - from) / (performance.now() - start) * 1_000);
}

/** The memory that a process has, in MB. */
async function residentSet(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024 / 1_000_000;
}

async function measureSink(program: string, store: string, total: number): Promise<(string | number)[]> {
  const child = new Deno.Command(program, {
    args: ["sink", "--listen", "127.0.0.1:0", "--store", store],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const endpoint = new TextDecoder().decode(value).split("\n")[0].replace("Listening on ", "");
  const drained = (async () => {
    while (!(await reader.read()).done);
  })();
  await send(endpoint, 0, few, total);
  const before = await residentSet(child.pid);
  const rate = await send(endpoint, few, total, total);
  const after = await residentSet(child.pid);
  child.kill("SIGTERM");
  await child.status;
  await drained;
  return [rate.toLocaleString("en"), before.toFixed(0), after.toFixed(0)];
}

async function writeLines(file: string, total: number): Promise<void> {
  const pick = numbers();
  const stream = createWriteStream(file);
  for (let index = 0; index < total; index += 1_000) {
    const lines = Array.from({ length: 1_000 }, (_, each) => `${makeSignal(index + each, total, pick)}\n`);
    if (!stream.write(lines.join(""))) {
      await new Promise<void>((resolve) => stream.once("drain", () => resolve()));
    }
  }
  await new Promise<void>((resolve) => stream.end(() => resolve()));
}

/**
 * Measures all of it with both binaries.
 *
 * @returns Two tables, as Markdown.
 */
export async function benchUsage(total: number): Promise<string> {
  const folder = await Deno.makeTempDir();
  const measurer = new Measurer();
  const sinks: (string | number)[][] = [];
  const reports: (string | number)[][] = [];
  const lines = join(folder, "lines.jsonl");
  await writeLines(lines, total);
  const measure = async (name: string, words: readonly string[]) => {
    const { wall, peak } = await measurer.measure(words, {});
    reports.push([name, (wall / 1_000).toFixed(2), (peak * 1024 / 1_000_000).toFixed(0)]);
  };
  for (const toolchain of toolchains) {
    const program = hostBinary(toolchain);
    for (const name of ["usage.db", "usage.jsonl"]) {
      const store = join(folder, `${toolchain}-${name}`);
      sinks.push([`${toolchain}, ${name}`, ...await measureSink(program, store, total)]);
    }
    await measure(`${toolchain}, SQLite`, [
      program,
      "report",
      "--json",
      join(folder, `${toolchain}-usage.db`),
    ]);
    await measure(`${toolchain}, lines of JSON`, [program, "report", "--json", lines]);
  }
  await measure("sqlite3, people and runs by command", ["sqlite3", join(folder, "bun-usage.db"), question]);
  await measurer.stop();
  await Deno.remove(folder, { recursive: true });
  return [
    table(
      ["sink, store", "signals a second", "MB after 10,000", `MB after ${total.toLocaleString("en")}`],
      sinks,
    ),
    table([`report of ${total.toLocaleString("en")} signals`, "seconds", "peak MB"], reports),
  ].join("\n\n");
}

function table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [headings, headings.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
