/**
 * A test run's own directory for temporary files. Every process that the tests start has it in its
 * environment, so at the end those that are still there can be found, ended and reported.
 *
 * @module
 */

import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** How long processes have to end by themselves once the tests are over, in milliseconds. */
const patience = 10_000;
const lookEvery = 100;

/** The directory of a test run. */
export class Session {
  readonly directory: string = mkdtempSync(join(tmpdir(), "gs-tests-"));

  constructor() {
    // Some tests run the program as another user.
    chmodSync(this.directory, 0o755);
  }

  /** The variables that make a suite use the directory. */
  get environment(): Record<string, string> {
    return { TMPDIR: this.directory };
  }

  /** Removes the directory. Ends the processes that the tests have left, and returns their command lines. */
  async close(): Promise<string[]> {
    const limit = Date.now() + patience;
    while (this.#processes().length > 0 && Date.now() < limit) {
      await new Promise((resolve) => setTimeout(resolve, lookEvery));
    }
    return this.abort();
  }

  /** Does the same without any patience. */
  abort(): string[] {
    const left = this.#processes().flatMap((pid) => endProcess(pid)).filter((words) => !isOfWine(words));
    rmSync(this.directory, { recursive: true, force: true });
    return left;
  }

  #processes(): number[] {
    if (!existsSync("/proc/self/environ")) return [];
    return readdirSync("/proc").map(Number).filter((pid) => {
      try {
        return pid !== process.pid && readFileSync(`/proc/${pid}/environ`, "utf8").includes(this.directory);
      } catch {
        return false;
      }
    });
  }
}

/** Wine's own services go on for a while after the last program has ended. */
function isOfWine(words: string): boolean {
  return /^C:\\windows\\system32\\|\/wineserver/i.test(words);
}

function endProcess(pid: number): string[] {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    process.kill(pid, "SIGKILL");
    return [words.join(" ").trim()];
  } catch {
    return []; // it has just ended
  }
}
