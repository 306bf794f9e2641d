/**
 * The commands that nobody used: those that a tool's profile has and no signal.
 *
 * @module
 */

import type { UnusedAnswer } from "./answer.ts";
import { isWithin } from "./question.ts";

/** A tool whose profile is known. */
export interface KnownTool {
  /** The first words of its commands' names. */
  readonly tool: string;
  /** The names of all of its commands. */
  readonly commands: readonly string[];
}

/**
 * Lists unused commands of the tools that were used. A command that only has others below it is not listed.
 *
 * @param used The names of commands in signals.
 * @param prefixes What the names of commands begin with, if only those are asked for.
 */
export function findUnused(
  tools: readonly KnownTool[],
  used: readonly string[],
  prefixes: readonly string[],
): UnusedAnswer[] {
  const owners = new Set(used.map((command) => ownerOf(command, tools)));
  return tools.filter((tool) => owners.has(tool)).map(({ tool, commands }) => {
    const asked = commands.filter((name) => prefixes.every((prefix) => isWithin(name, prefix)));
    const single = asked.filter((name) => !asked.some((other) => other.startsWith(`${name} `)));
    return { tool, of: single.length, commands: single.filter((name) => !used.includes(name)).sort() };
  });
}

/** `kubectl gs login` is of `kubectl gs` before it is of `kubectl`. */
function ownerOf(command: string, tools: readonly KnownTool[]): KnownTool | undefined {
  const owners = tools.filter(({ tool }) => isWithin(command, tool));
  return owners.sort((a, b) => b.tool.length - a.tool.length)[0];
}
