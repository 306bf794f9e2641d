import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { program } from "./program.ts";
import { until } from "./waiting.ts";

/** A signal, as the sink stores it. */
// deno-lint-ignore no-explicit-any -- what arrived is what is tested
export type Arrived = any;

/** Where a sink runs. */
export interface SinkPlace {
  readonly home: string;
  environment(): Record<string, string>;
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
    place: SinkPlace,
    listen = "127.0.0.1:0",
    store: string = join(place.home, "arrived.jsonl"),
  ): Promise<Sink> {
    const [command, ...args] = [...program, "sink", "--listen", listen, "--store", store];
    const child = spawn(command, args, { env: place.environment(), stdio: ["ignore", "pipe", "inherit"] });
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
    return readFileSync(this.store, "utf8").split("\n").slice(0, -1).map((line) => JSON.parse(line));
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
