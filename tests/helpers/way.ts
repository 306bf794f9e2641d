/**
 * The way in which the program under test is run, and what depends on it.
 *
 * @module
 */

import { program } from "./harness.ts";

/** How the program under test is run. */
export type Way = "bun run" | "bun binary" | "deno run" | "deno binary" | "deno child";

/** Reasons by way. */
export type Limits = Partial<Record<Way, string>>;

/** The way of this test run. */
export const way: Way = wayOf(program.join(" "));

/**
 * The words in front of a command that is run through the program. A link in front of env(1) does what env does,
 * after the program has done its own work: so each property is measured through a link, too.
 */
export const wrapper: readonly string[] = program[0].endsWith("/env") ? program : [...program, "run", "--"];

/** Whether the program is one of another architecture. */
export const isEmulated: boolean = /\bqemu-/.test(program[0]);

function wayOf(command: string): Way {
  const isSource = command.endsWith("cli.ts");
  if (/\bbun\b/.test(command)) return isSource ? "bun run" : "bun binary";
  if (!isSource) return "deno binary";
  return /--allow-(all|ffi)|-A\b/.test(command) ? "deno run" : "deno child";
}

/** A reason that holds for every way of one runtime. */
export const onBun = (reason: string): Limits => ({ "bun run": reason, "bun binary": reason });
export const onDeno = (reason: string): Limits => ({
  "deno run": reason,
  "deno binary": reason,
  "deno child": reason,
});
/** A reason of Deno's command line, which a compiled program is without. */
export const onDenoSource = (reason: string): Limits => ({ "deno run": reason, "deno child": reason });
/** A reason of the child-process way. */
export const asChild = (reason: string): Limits => ({ "deno child": reason });

/** Stress of hundreds of runs is whole in one way, the fastest; the others make do with some of it. */
export function stress<T>(whole: T, some: T): T {
  return way === "bun binary" ? whole : some;
}
