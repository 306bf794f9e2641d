/**
 * Runs the program as a user would: real processes, a home of their own, a real server on loopback.
 *
 * @module
 */

import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { root } from "../toolchains.ts";
import { findCouriers, isCourierAtWork, type Result, runToEnd } from "./processes.ts";
import { program, quote } from "./program.ts";
import { Sink } from "./sink.ts";
import { until } from "./waiting.ts";

/** What a process gets besides its arguments. */
export interface Surroundings {
  /** Changes of the world's environment; `undefined` takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly input?: string;
}

/** A courier that fails ends at once; the tests of delivery let it stay. */
const limits = { patience: 0 };

/** A courier waits for further signals as long as it does for a user. */
export const gathering: string = JSON.stringify(limits);

/** A courier sends at once. */
const atOnce = JSON.stringify({ ...limits, firstPause: 0 });

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

  #install(standIn: string): void {
    copyFileSync(join(root, "scripts/world", standIn), join(this.bin, standIn));
    chmodSync(join(this.bin, standIn), 0o755);
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
      GS_TELEMETRY_LIMITS: atOnce,
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
  execute(command: readonly string[], { env, cwd = this.home, input }: Surroundings = {}): Promise<Result> {
    return runToEnd(command, { cwd, env: this.environment(env), input });
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
    return this.execute(["bash", "-c", `gs() { ${quote(program)} "$@"; }\n${script}`], surroundings);
  }

  /** The names of the signals that wait. */
  queued(): string[] {
    return existsSync(this.queue) ? readdirSync(this.queue) : [];
  }

  /** The process IDs of the couriers of this home. */
  couriers(): number[] {
    return findCouriers(this.home);
  }

  /** Waits until no courier is at work. Looks twice: a process may start while others are looked at. */
  async couriersEnded(): Promise<void> {
    let looks = 0;
    await until(() => {
      looks = isCourierAtWork(this.home) ? 0 : looks + 1;
      return looks === 2;
    }, "the courier to end");
  }

  async close(): Promise<void> {
    try {
      await this.couriersEnded();
    } finally {
      await this.#sink?.stop();
      await until(() => removeTree(this.home), "the home to be deleted");
    }
  }
}

/** Deletes a directory. Returns false if a process that is about to end adds to it meanwhile. */
function removeTree(path: string): boolean {
  try {
    rmSync(path, { recursive: true, force: true });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTEMPTY") return false;
    throw error;
  }
}
