/**
 * Runs the program as a user would: real processes, a home of their own, a real server on loopback.
 * `TEST_PROGRAM`, a JSON array, says which program; without it, the source on the runtime of the test.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const fixtures = join(root, "tests/fixtures");

/** How long to wait for an event that has to come. */
const eventLimit = 60_000;

/** The command that starts the program under test. */
export const program: readonly string[] = process.env.TEST_PROGRAM
  ? JSON.parse(process.env.TEST_PROGRAM)
  : sourceProgram();

function sourceProgram(): string[] {
  const cli = join(root, "cli.ts");
  return "Deno" in globalThis
    ? [process.execPath, "run", "--quiet", "--no-prompt", "--allow-all", cli]
    : [process.execPath, "run", "--no-env-file", cli];
}

/** How a process ended, and all that it said. */
export interface Result {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a process gets besides its arguments. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly input?: string;
}

/** A signal, as the sink stores it. */
// deno-lint-ignore no-explicit-any -- what arrived is what is tested
export type Arrived = any;

/** A home, a path with stand-ins, and a sink: everything that one test uses; `close` leaves nothing behind. */
export class World {
  readonly home: string = mkdtempSync(join(tmpdir(), "gs-telemetry-test-"));
  readonly state: string = join(this.home, ".local/state/gs-telemetry");
  readonly queue: string = join(this.state, "queue");
  readonly bin: string = join(this.home, "bin");
  #sink: Sink | undefined;

  constructor() {
    mkdirSync(this.bin);
    this.#install("kubectl-gs");
    const hasKubectl = (process.env.PATH ?? "").split(delimiter).some((folder) =>
      existsSync(join(folder, "kubectl"))
    );
    if (!hasKubectl) this.#install("kubectl");
  }

  #install(fixture: string): void {
    copyFileSync(join(fixtures, fixture), join(this.bin, fixture));
    chmodSync(join(this.bin, fixture), 0o755);
  }

  /** Starts the sink on first use. */
  async sink(): Promise<Sink> {
    this.#sink ??= await Sink.start(this);
    return this.#sink;
  }

  /** The environment of a process: that of a new user, and of the runtimes' caches. */
  environment(more: Surroundings["env"] = {}): Record<string, string> {
    const kept = ["LANG", "SHELL", "TERM", "TMPDIR", "NODE_EXTRA_CA_CERTS"];
    const env: Record<string, string | undefined> = {
      ...Object.fromEntries(kept.map((name) => [name, process.env[name]])),
      BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0",
      DENO_DIR: process.env.DENO_DIR ?? join(homedir(), ".cache/deno"),
      DENO_NO_UPDATE_CHECK: "1",
      // A courier that fails ends at once; the tests of delivery let it stay.
      GS_TELEMETRY_LIMITS: '{"patience":0}',
      // In a terminal the first run would show the notice and send nothing.
      GS_TELEMETRY_NO_NOTICE: "1",
      HOME: this.home,
      PATH: `${this.bin}${delimiter}${process.env.PATH}`,
      USER: "tester",
      ...more,
    };
    return Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  }

  /** Runs any command to its end. */
  async execute(command: readonly string[], { env, cwd, input }: Surroundings = {}): Promise<Result> {
    const child = spawn(command[0], command.slice(1), { cwd: cwd ?? this.home, env: this.environment(env) });
    child.stdin.on("error", () => {}); // a command that reads nothing closes its input
    child.stdin.end(input ?? "");
    const [stdout, stderr, [status, signal]] = await Promise.all([
      readAll(child.stdout),
      readAll(child.stderr),
      new Promise<[number | null, string | null]>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (...end) => resolve(end));
      }),
    ]);
    return { status, signal, stdout, stderr };
  }

  /** Runs the program with these arguments. */
  run(args: readonly string[], surroundings?: Surroundings): Promise<Result> {
    return this.execute([...program, ...args], surroundings);
  }

  /** Runs the program with the sink as its endpoint. */
  async runToSink(args: readonly string[], surroundings: Surroundings = {}): Promise<Result> {
    const { endpoint } = await this.sink();
    return await this.run(args, {
      ...surroundings,
      env: { GS_TELEMETRY_ENDPOINT: endpoint, ...surroundings.env },
    });
  }

  /** Runs a bash script in which `gs` stands for the program. */
  bash(script: string, surroundings: Surroundings = {}): Promise<Result> {
    const words = program.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    const prologue = `gs() { ${words} "$@"; }\n`;
    return this.execute(["bash", "-c", prologue + script], surroundings);
  }

  /** The names of the signals that wait. */
  queued(): string[] {
    return existsSync(this.queue) ? readdirSync(this.queue) : [];
  }

  /** The process ids of the couriers of this home. */
  couriers(): number[] {
    return readdirSync("/proc").map(Number).filter((pid) => {
      try {
        const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
        return variables.includes("GS_TELEMETRY_COURIER=1") && variables.includes(`HOME=${this.home}`);
      } catch {
        return false;
      }
    });
  }

  /** Waits until no courier is at work; in the moment of its exec none is seen, so it takes two looks. */
  async couriersEnded(): Promise<void> {
    let looks = 0;
    await until(() => {
      looks = this.couriers().length === 0 ? looks + 1 : 0;
      return looks === 2;
    }, "the courier to end");
  }

  async close(): Promise<void> {
    try {
      await this.couriersEnded();
    } finally {
      await this.#sink?.stop();
      rmSync(this.home, { recursive: true, force: true });
    }
  }
}

/** The program's own sink, started as a user would start it. */
export class Sink {
  readonly lines: string[] = [];
  readonly endpoint: string;
  readonly store: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, endpoint: string, store: string) {
    this.#child = child;
    this.endpoint = endpoint;
    this.store = store;
  }

  static async start(
    world: World,
    listen = "127.0.0.1:0",
    store: string = join(world.home, "arrived.jsonl"),
  ): Promise<Sink> {
    const [command, ...args] = [...program, "sink", "--listen", listen, "--store", store];
    const child = spawn(command, args, { env: world.environment(), stdio: ["ignore", "pipe", "inherit"] });
    const reader = createInterface({ input: child.stdout! });
    const first = await new Promise<string>((resolve, reject) => {
      reader.once("line", resolve);
      child.once("exit", () => reject(new Error("the sink ended at once")));
    });
    const sink = new Sink(child, first.replace("Listening on ", ""), store);
    reader.on("line", (line) => sink.lines.push(line));
    return sink;
  }

  /** All signals that have arrived. */
  arrived(): Arrived[] {
    if (!existsSync(this.store)) return [];
    return readFileSync(this.store, "utf8").split("\n").slice(0, -1).map((line) => asSent(JSON.parse(line)));
  }

  /** Waits until that many signals have arrived. */
  async waitFor(count: number): Promise<Arrived[]> {
    await until(() => this.arrived().length >= count, `${count} signals to arrive`);
    return this.arrived();
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    if (this.#child.kill()) await ended;
  }
}

/** Takes off the time that a sink puts first into a signal that came without one. */
function asSent(stored: Arrived): Arrived {
  const [[first], ...others] = Object.entries(stored);
  return first === "receivedAt" ? Object.fromEntries(others) : stored;
}

/** Waits for a condition, with a limit. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const limit = Date.now() + eventLimit;
  while (!condition()) {
    if (Date.now() > limit) throw new Error(`waited ${eventLimit / 1000} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Runs a test in a world of its own. */
export async function inWorld(test: (world: World) => Promise<void>): Promise<void> {
  const world = new World();
  try {
    await test(world);
  } finally {
    await world.close();
  }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return await new Blob(chunks as Uint8Array<ArrayBuffer>[]).text();
}
