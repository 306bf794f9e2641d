/**
 * Who called a command, so that people can be counted apart from what runs commands by itself. Told by what costs
 * nothing to know: variables, terminals and process groups. Which service or agent it was is never sent.
 *
 * @module
 */

import { findAutomation } from "../consent/automation.ts";
import type { Environment } from "../runtime/runtime.ts";
import { system } from "../system/mod.ts";

/** Who called a command: somebody at a terminal, a script, a build service or a coding agent. */
export type Caller = "person" | "script" | "ci" | "agent";

/** Who called, and the rule that tells so, as a sentence. */
export interface FoundCaller {
  readonly caller: Caller;
  readonly rule: string;
}

const standardInput = 0;
const standardError = 2;

// Set for what they run: make for its recipes, Git for its hooks and aliases.
const scriptVariables = ["MAKELEVEL", "GIT_EXEC_PATH"];

/** Finds out who called this process. The first rule that fits decides. */
export function findCaller(env: Environment): FoundCaller {
  const automation = findAutomation(env);
  if (automation) return { caller: automation.kind, rule: `${automation.variable} is set.` };
  if (!system.isTerminal(standardError) && !system.isTerminal(standardInput)) {
    return { caller: "script", rule: "Neither standard error nor standard input is a terminal." };
  }
  const variable = scriptVariables.find((name) => env(name));
  if (variable !== undefined) return { caller: "script", rule: `${variable} is set.` };
  // Undefined if the system cannot tell.
  if (system.isOwnJob() === false) {
    return {
      caller: "script",
      rule: "It was started by a program, not by a shell that somebody types into.",
    };
  }
  return { caller: "person", rule: "It runs at a terminal, and no other rule fits." };
}
