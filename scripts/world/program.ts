/**
 * The program under test. `TEST_PROGRAM`, a JSON array of words, says which one; without it, the source on the
 * runtime that asks.
 *
 * @module
 */

import { join } from "node:path";
import process from "node:process";
import { root } from "../toolchains.ts";

/** The words that start the program. */
export const program: readonly string[] = process.env.TEST_PROGRAM
  ? JSON.parse(process.env.TEST_PROGRAM)
  : sourceProgram();

function sourceProgram(): string[] {
  const cli = join(root, "cli.ts");
  return "Deno" in globalThis
    ? [process.execPath, "run", "--quiet", "--no-prompt", "--allow-all", cli]
    : [process.execPath, "run", "--no-env-file", cli];
}

/** Words as a shell takes them, each in single quotes. */
export function quote(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}
