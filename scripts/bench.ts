/**
 * Compares runs that record with runs that are opted out: with a server that never answers, with a
 * host that drops packets, and with no network. `deno task bench [bun|deno] [ROUNDS] [COMMAND]`
 *
 * Each round runs each case once, in turn, so that what slows the machine down slows all of them;
 * a case is compared with the opted-out run of the same round, and the median of the differences counts.
 *
 * @module
 */

import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { hostBinary } from "./compile.ts";
import { bun, captureTool } from "./toolchains.ts";

interface Case {
  readonly name: string;
  readonly env: Record<string, string>;
  /** Whether the queue and the back-off of earlier rounds are deleted before each run. */
  readonly isFresh: boolean;
}

const toolchain = Deno.args[0] ?? "bun";
const rounds = Number(Deno.args[1] ?? 100);
const folder = await Deno.makeTempDir();
const command = (Deno.args[2] ?? "/bin/true").split(" ");

/** Accepts connections and says nothing. */
function silentServer(): Promise<{ port: number; stop(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on("error", () => {})));
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      resolve({ port, stop: () => (server.close(), sockets.forEach((socket) => socket.destroy())) });
    })
  );
}

/** A full backlog: the system drops every further packet that asks for a connection. */
async function droppingServer(): Promise<{ port: number; stop(): void }> {
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
  return { port: Number(new TextDecoder().decode(value)), stop: () => child.kill() };
}

async function emptyProgram(): Promise<string | undefined> {
  const source = join(folder, "empty.ts");
  const output = join(folder, "empty");
  await Deno.writeTextFile(source, "");
  const compile = toolchain === "bun"
    ? [bun, "build", "--compile", "--minify", "--bytecode", "--outfile", output, source]
    : [Deno.execPath(), "compile", "--quiet", "--output", output, source];
  return (await captureTool(compile)).success ? output : undefined;
}

async function timeOf(words: readonly string[], env: Record<string, string>): Promise<number> {
  const child = new Deno.Command(words[0], { args: words.slice(1), env, stdin: "null" });
  const start = performance.now();
  await child.spawn().status;
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function homeOf(name: string): string {
  return join(folder, name.replaceAll(" ", "-"));
}

async function timeCase({ name, env, isFresh }: Case): Promise<number> {
  const home = homeOf(name);
  if (isFresh) await Deno.remove(home, { recursive: true }).catch(() => {});
  await Deno.mkdir(home, { recursive: true });
  const fixed = {
    HOME: home,
    XDG_STATE_HOME: home,
    GS_TELEMETRY_APP_ID: crypto.randomUUID(),
    GS_TELEMETRY_NO_NOTICE: "1",
  };
  return await timeOf([hostBinary(toolchain), "run", "--", ...command], { ...fixed, ...env });
}

const silent = await silentServer();
const dropping = await droppingServer();
const closed = "http://127.0.0.1:9/";
const endpoint = (port: number) => ({ GS_TELEMETRY_ENDPOINT: `http://127.0.0.1:${port}/` });
const cases: Case[] = [
  { name: "opted out", env: { DO_NOT_TRACK: "1" }, isFresh: false },
  { name: "never answers", env: endpoint(silent.port), isFresh: false },
  { name: "drops packets", env: endpoint(dropping.port), isFresh: false },
  { name: "no network", env: { GS_TELEMETRY_ENDPOINT: closed }, isFresh: false },
  { name: "first run ever, no network", env: { GS_TELEMETRY_ENDPOINT: closed }, isFresh: true },
];
const empty = await emptyProgram();
const times = new Map<string, number[]>(
  [...cases.map(({ name }) => name), "empty program", "the command alone"].map((name) => [name, []]),
);
for (let round = 0; round < rounds; round++) {
  for (const one of cases) times.get(one.name)!.push(await timeCase(one));
  if (empty) times.get("empty program")!.push(await timeOf([empty], {}));
  times.get("the command alone")!.push(await timeOf(command, {}));
}
silent.stop();
dropping.stop();

const base = times.get("opted out")!;
console.log(`${toolchain}, ${rounds} rounds; milliseconds`);
for (const [name, values] of times) {
  const difference = median(values.map((value, index) => value - base[index]));
  const total = values.reduce((sum, value) => sum + value, 0);
  const percent = (100 * difference / median(base)).toFixed(1);
  console.log(
    `${name.padEnd(28)} median ${median(values).toFixed(1)}  sum ${
      total.toFixed(0)
    }  against opted out ${percent} %`,
  );
}
await Deno.remove(folder, { recursive: true }).catch(() => {});
