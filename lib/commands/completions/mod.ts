/**
 * Shell completions: of the program's own words, and of the wrapped command's by the shell's own
 * completions for it. The scripts are static, so that no Tab starts the program.
 *
 * @module
 */

import { bashCompletions } from "./bash.ts";
import { fishCompletions } from "./fish.ts";
import type { Grammar } from "./grammar.ts";
import { zshCompletions } from "./zsh.ts";

/** The shells that there are completions for. */
export const shells = ["bash", "zsh", "fish"] as const;

/** A shell that there are completions for. */
export type Shell = typeof shells[number];

/** Returns the script that makes a shell complete the program's command lines. */
export function completionScript(shell: Shell, grammar: Grammar): string {
  return { bash: bashCompletions, zsh: zshCompletions, fish: fishCompletions }[shell](grammar);
}
