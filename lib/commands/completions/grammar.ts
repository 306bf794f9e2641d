/**
 * The command line as the completions of a shell need it.
 *
 * @module
 */

/** What completes a value or an operand. */
export type Completion =
  /** It has no completions. */
  | { readonly kind: "nothing" }
  | { readonly kind: "file" }
  | { readonly kind: "words"; readonly words: readonly string[] }
  /** The rest of the line is a command line of its own. */
  | { readonly kind: "command line" };

/** An option of a command. */
export interface OptionGrammar {
  /** Such as `--app-id`. */
  readonly long: string;
  /** Such as `-h`. */
  readonly short?: string;
  readonly description: string;
  /** `undefined` for a switch. */
  readonly value?: {
    /** Such as `UUID`. */
    readonly placeholder: string;
    /** An optional value stands behind `=` only. */
    readonly isOptional: boolean;
    readonly completion: Completion;
  };
}

/** A command of the program. */
export interface CommandGrammar {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionGrammar[];
  readonly operand: Completion;
}

/** The program. */
export interface Grammar {
  readonly program: string;
  readonly options: readonly OptionGrammar[];
  readonly commands: readonly CommandGrammar[];
}

/** Names a shell function of the program. */
export function functionName(program: string): string {
  return `_${program.replace(/[^A-Za-z0-9]/g, "_")}`;
}

/** All spellings of the options. */
export function spellings(options: readonly OptionGrammar[]): string[] {
  return options.flatMap(({ long, short }) => short === undefined ? [long] : [short, long]);
}

/** The options whose value is the next word, unless it stands behind `=`. */
export function takingNextWord(options: readonly OptionGrammar[]): readonly OptionGrammar[] {
  return options.filter(({ value }) => value && !value.isOptional);
}

/** Quotes a text for any of the shells, in which no backslash stands before an apostrophe. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}
