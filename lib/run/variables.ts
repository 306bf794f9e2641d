/**
 * Checks the variables that stand for options, all at once: for `status` and `doctor`. A run stops at the first.
 *
 * @module
 */

import type { Environment } from "../runtime/runtime.ts";
import { findOption, optionDefinitions, type OptionName, VariableError } from "./options.ts";
import { claimAskedFor } from "./settle.ts";

/** A variable because of which no run sends anything. */
export interface WrongVariable {
  readonly name: string;
  /** What is wrong with it, in a sentence that names it. */
  readonly problem: string;
}

/** Finds the variables whose values are wrong. */
export async function findWrongVariables(env: Environment): Promise<WrongVariable[]> {
  const wrong: WrongVariable[] = [];
  for (const name of Object.keys(optionDefinitions) as OptionName[]) {
    try {
      const found = findOption(name, {}, env);
      if (found && name === "profile") await claimAskedFor(found, ["true"], env);
    } catch (error) {
      if (!(error instanceof VariableError)) throw error;
      wrong.push({ name: error.variable, problem: error.message });
    }
  }
  return wrong;
}
