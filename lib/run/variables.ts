/**
 * Checks the variables that stand for options, all at once: for `status` and `doctor`. A run stops at the first.
 *
 * @module
 */

import type { Environment } from "../runtime/runtime.ts";
import {
  findOption,
  type OptionDefinition,
  optionDefinitions,
  type OptionName,
  VariableError,
} from "./options.ts";
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

const prefix = "GS_TELEMETRY_";

/** The variables without an option; `docs/options.md` describes them. */
const withoutOption = [
  "OPTOUT",
  "SALT",
  "NO_NOTICE",
  "DEBUG",
  "DRY_RUN",
  "CLICKHOUSE_PASSWORD",
  "RELEASES",
  "COURIER",
  "COUNTED",
  "LIMITS",
].map((name) => prefix + name);

/** A variable that looks as if it were meant for this program, and is not known. */
export interface UnknownVariable {
  readonly name: string;
  /** The variable that may have been meant. */
  readonly meant: string | undefined;
}

/**
 * Finds misspelt variables.
 *
 * @param names The names of all variables that are set.
 * @param more Names that profiles give to variables of their tools.
 */
export function findUnknownVariables(names: readonly string[], more: readonly string[]): UnknownVariable[] {
  const definitions: readonly OptionDefinition[] = Object.values(optionDefinitions);
  const known = [...definitions.map(({ variable }) => variable ?? ""), ...withoutOption, ...more];
  const letters = (name: string) => name.toUpperCase().replaceAll("_", "");
  return names
    .filter((name) => name.toUpperCase().startsWith(prefix) && !known.includes(name))
    .map((name) => ({ name, meant: known.find((other) => letters(other) === letters(name)) }));
}
