/**
 * Compares runs that record with runs that are opted out, while the server is well, never answers, drops
 * packets, or cannot be reached. `deno task bench [bun|deno] [ROUNDS] [COMMAND]`
 *
 * Each round runs each case once, in turn and from another one on, so that what slows the machine down, or
 * what a case leaves behind, slows all of them; a case is compared with the opted-out run of the same round,
 * and the medians count.
 *
 * @module
 */

import { createServer } from "node:http";
import { join } from "node:path";
import { hostBinary } from "./compile.ts";
import { projectName } from "./toolchains.ts";

interface Case {
  readonly name: string;
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

interface TestServer {
  readonly url: string;
  stop(): void;
}

const toolchain = Deno.args[0] ?? "bun";
const rounds = Number(Deno.args[1] ?? 100);
const command = (Deno.args[2] ?? "/bin/true").split(" ");
const folder = await Deno.makeTempDir();

/** Takes all signals, or never answers. */
function startServer(answers: boolean): Promise<TestServer> {
  const server = createServer((request, response) =>
    void request.resume().on("end", () => answers && response.end())
  );
  const stop = () => (server.close(), server.closeAllConnections());
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      resolve({ url: `http://127.0.0.1:${port}/`, stop });
    })
  );
}

/** A full backlog: the system drops every further packet that asks for a connection. */
async function startDroppingServer(): Promise<TestServer> {
  const script = [
    "import socket, sys",
    "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(0)",
    "port = s.getsockname()[1]; full = []",
    "for _ in range(4):",
    "  c = socket.socket(); c.setblocking(False); c.connect_ex(('127.0.0.1', port)); full.append(c)",
    "print(port, flush=True); sys.stdin.read()",
  ].join("\n");
  const child = new Deno.Command("python3", { args: ["-c", script], stdin: "piped", stdout: "piped" })
    .spawn();
  const { value } = await child.stdout.getReader().read();
  const port = Number(new TextDecoder().decode(value));
  return { url: `http://127.0.0.1:${port}/`, stop: () => child.kill() };
}

/** Each case has a home of its own; none is emptied, since some file systems are slow after a deletion. */
async function timeCase({ name, words, env }: Case): Promise<number> {
  const home = join(folder, name.replaceAll(" ", "-"));
  await Deno.mkdir(home, { recursive: true });
  const fixed = {
    HOME: home,
    XDG_STATE_HOME: home,
    GS_TELEMETRY_APP_ID: crypto.randomUUID(),
    GS_TELEMETRY_NO_NOTICE: "1",
  };
  const child = new Deno.Command(words[0], {
    args: words.slice(1),
    env: { ...fixed, ...env },
    stdin: "null",
    stdout: "null",
  });
  const start = performance.now();
  await child.spawn().status;
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// Under its own name, as people have it; under another it looks for a tool to stand in front of.
const program = join(folder, projectName);
await Deno.symlink(hostBinary(toolchain), program);
const servers = await Promise.all([startServer(true), startServer(false), startDroppingServer()]);
const [healthy, silent, dropping] = servers;
const wrapped = [program, "run", "--", ...command];
const to = (endpoint: string) => ({ words: wrapped, env: { GS_TELEMETRY_ENDPOINT: endpoint } });
const optedOut: Case = { name: "opted out", words: wrapped, env: { DO_NOT_TRACK: "1" } };
const cases: Case[] = [
  { name: "the command alone", words: command },
  optedOut,
  { name: "a courier at work", ...to(healthy.url) },
  { name: "never answers", ...to(silent.url) },
  { name: "drops packets", ...to(dropping.url) },
  { name: "no network", ...to("http://127.0.0.1:9/") },
];
const times = new Map<Case, number[]>(cases.map((one) => [one, []]));
for (let round = 0; round < rounds; round++) {
  for (const one of cases) times.get(one)!.push(await timeCase(one));
  cases.push(cases.shift()!);
}
for (const server of servers) server.stop();

console.log(
  `${toolchain}, ${command.join(" ")}, ${rounds} rounds: median, and against opted out in the same round`,
);
const base = times.get(optedOut)!;
for (const [{ name }, values] of times) {
  const difference = median(values.map((value, index) => value - base[index]));
  const ratio = median(values.map((value, index) => value / base[index]));
  const change = `${difference.toFixed(2)} ms, ${(100 * (ratio - 1)).toFixed(1)} %`;
  console.log(`${name.padEnd(20)} ${median(values).toFixed(2).padStart(8)} ms   ${change}`);
}
await Deno.remove(folder, { recursive: true }).catch(() => {});
