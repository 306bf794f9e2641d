/**
 * Runs commands one at a time and reads the kernel's own account of each: wall time, CPU time and peak
 * memory. A small Python process starts them, since a child's peak memory begins with its parent's, and a
 * JavaScript runtime is larger than what is measured here.
 *
 * @module
 */

const loop = `
import json, os, sys, time
null = os.open(os.devnull, os.O_RDWR)
to = [(os.POSIX_SPAWN_DUP2, null, fd) for fd in (0, 1, 2)]
for line in sys.stdin:
    words, env = json.loads(line)
    start = time.perf_counter_ns()
    pid = os.posix_spawnp(words[0], words, env, file_actions=to)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter_ns() - start
    print(json.dumps([status, wall / 1e6, (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_maxrss]), flush=True)
`;

/** What one run of a command took. */
export interface Usage {
  /** In milliseconds. */
  readonly wall: number;
  /** In milliseconds; of the command and of all children that it has waited for. */
  readonly cpu: number;
  /** The greatest resident set, in KiB. */
  readonly peak: number;
}

/** Starts commands, one at a time. */
export class Measurer {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;
  #rest = "";

  constructor() {
    const command = new Deno.Command("python3", { args: ["-c", loop], stdin: "piped", stdout: "piped" });
    this.#child = command.spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Runs a command to its end, without input and with its output thrown away. */
  async measure(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Usage> {
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify([words, env])}\n`));
    while (!this.#rest.includes("\n")) {
      const { value, done } = await this.#lines.read();
      if (done) throw new Error(`cannot run ${words.join(" ")}`);
      this.#rest += value;
    }
    const end = this.#rest.indexOf("\n");
    const [status, wall, cpu, peak] = JSON.parse(this.#rest.slice(0, end));
    // What fails at once would look fast.
    if (status !== 0) throw new Error(`failed: ${words.join(" ")}`);
    this.#rest = this.#rest.slice(end + 1);
    return { wall, cpu, peak };
  }

  async stop(): Promise<void> {
    await this.#writer.close();
    await this.#child.status;
  }
}
