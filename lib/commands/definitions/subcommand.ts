/**
 * What a subcommand is to people: its options, what help says of it, and the function that does the work.
 *
 * @module
 */

import type { Grammar } from "../completions/grammar.ts";

/** An option of a subcommand. */
export interface SubcommandOption {
  /** As help shows it, such as `--timeout <SECONDS>`. */
  readonly flags: string;
  readonly description: string;
  readonly default?: unknown;
  /** The words that its value may be. */
  readonly choices?: readonly string[];
  /** Reads the value. Of an option that may be repeated, `before` is what was read so far. */
  readonly parse?: (value: string, before?: never) => unknown;
}

/** A subcommand as people see it. Its options have the names that its flags give them, in camel case. */
export interface Subcommand<Options = Record<string, unknown>> {
  readonly name: string;
  readonly description: string;
  /** Its operands, as help shows them. */
  readonly operands?: readonly { readonly name: string; readonly description: string }[];
  readonly usage?: string;
  readonly options?: readonly SubcommandOption[];
  /** Whether its own options end at the first operand. */
  readonly passesThrough?: boolean;
  /** The words that its first operand may be. */
  readonly choices?: readonly string[];
  /** What help says below the tables. */
  readonly help?: () => string;
  /**
   * Does the work; left out for `run` and `explain`, which `cli.ts` parses.
   *
   * @returns The exit status.
   */
  readonly run?: (call: Call<Options>) => Promise<number> | number;
}

/** The call of a subcommand. */
export interface Call<Options> {
  readonly operands: readonly string[];
  readonly options: Options;
  /** All subcommands, for completions. */
  readonly grammar: () => Grammar;
}

/** Lets a subcommand's options have their own types; commander hands them over without. */
export function define<Options>(subcommand: Subcommand<Options>): Subcommand {
  return subcommand as unknown as Subcommand;
}
