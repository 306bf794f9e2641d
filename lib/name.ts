/**
 * The name of a command: the words that its profile lists, found the way in which cobra finds the
 * command to run (`Command.Find` and `stripFlags`, and pflag's parsing, in their sources).
 *
 * @module
 */

/** A command of a tool, with its flags and the commands below it. */
export interface CommandTree {
  /** The word that calls it, which is also its name in signals. */
  readonly name: string;
  /** Other words that call it. */
  readonly aliases?: readonly string[];
  /** Flags that take a value, such as `--output` and `-o`. */
  readonly valueFlags?: readonly string[];
  /** Flags that take none, or one only with `=`. */
  readonly boolFlags?: readonly string[];
  /** Whether its flags hold for all commands below it too. */
  readonly persistentFlags?: boolean;
  /** Flags that only print the version. */
  readonly versionFlags?: readonly string[];
  /** False for a command that is not to be counted: help, completion, hidden ones; holds for all below it. */
  readonly counted?: boolean;
  /** The commands below it. */
  readonly commands?: readonly CommandTree[];
}

/** What a command line is called, or why it is not counted. */
export type NamedCommand =
  | { readonly counted: true; readonly words: readonly string[] }
  | { readonly counted: false; readonly reason: string };

type FlagKind = "value" | "bool" | "unknown";

/** The commands from the tool itself down to the one that runs. */
type Path = readonly [CommandTree, ...CommandTree[]];

/**
 * Names a command line of a tool whose commands are known.
 *
 * @param args The words after the tool's own.
 * @returns The commands' own names below the tool, whatever aliases they were called by.
 */
export function nameCommand(root: CommandTree, args: readonly string[]): NamedCommand {
  const { path, rest } = findCommand([root], args);
  const uncounted = path.find((command) => command.counted === false);
  if (uncounted) return { counted: false, reason: `'${uncounted.name}' is not counted` };
  const call = findPrintingFlag(path, rest);
  if (call) return { counted: false, reason: `${call} is not counted` };
  return { counted: true, words: path.slice(1).map((command) => command.name) };
}

/** Whether a command line of an unknown tool asks for help. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? args.length : end).some((word) => word === "-h" || word === "--help");
}

/** Takes the words that are commands out of the arguments, one level of commands at a time. */
function findCommand(path: Path, args: readonly string[]): { path: Path; rest: readonly string[] } {
  const position = firstWord(path, args);
  if (position === undefined) return { path, rest: args };
  const command = path[path.length - 1].commands?.find((candidate) => isCalled(candidate, args[position]));
  if (!command) return { path, rest: args };
  const rest = args.toSpliced(position, 1);
  return findCommand([...path, command], rest);
}

function isCalled(command: CommandTree, word: string): boolean {
  return command.name === word || (command.aliases?.includes(word) ?? false);
}

/** The place of the first argument that is neither a flag nor a flag's value. */
function firstWord(path: Path, args: readonly string[]): number | undefined {
  for (let index = 0; index < args.length; index++) {
    const word = args[index];
    if (word === "--") return undefined;
    if (takesNextWord(path, word)) index++;
    else if (word !== "" && !word.startsWith("-")) return index;
  }
  return undefined;
}

/** While it looks for commands, cobra takes the next word for the value of every flag it does not know. */
function takesNextWord(path: Path, word: string): boolean {
  if (!word.startsWith("-") || word.includes("=")) return false;
  return (word.startsWith("--") || word.length === 2) && flagKind(path, word) !== "bool";
}

/** A command's own flags come before those that it has from above. */
function flagKind(path: Path, flag: string): FlagKind {
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const command = path[depth];
    const holds = depth === path.length - 1 || command.persistentFlags;
    if (holds && command.valueFlags?.includes(flag)) return "value";
    if (holds && command.boolFlags?.includes(flag)) return "bool";
  }
  return "unknown";
}

/** Parses the flags of the command that was found, as pflag does, in search of help and version. */
function findPrintingFlag(path: Path, args: readonly string[]): string | undefined {
  const printing = ["--help", "-h", ...(path.length === 1 ? path[0].versionFlags ?? [] : [])];
  for (let index = 0; index < args.length; index++) {
    const word = args[index];
    if (word === "--") return undefined;
    if (!word.startsWith("-") || word === "-") continue;
    const { found, takesNext } = word.startsWith("--")
      ? parseLongFlag(path, word, printing)
      : parseShortFlags(path, word, printing);
    if (found) return found;
    if (takesNext) index++;
  }
  return undefined;
}

interface ParsedFlag {
  readonly found?: string;
  readonly takesNext?: boolean;
}

function parseLongFlag(path: Path, word: string, printing: readonly string[]): ParsedFlag {
  const equals = word.indexOf("=");
  const flag = equals < 0 ? word : word.slice(0, equals);
  const kind = flagKind(path, flag);
  if (kind === "unknown" && printing.includes(flag)) {
    return isFalse(equals < 0 ? undefined : word.slice(equals + 1)) ? {} : { found: flag };
  }
  return { takesNext: equals < 0 && kind !== "bool" };
}

/** A cluster such as `-vn5`: switches, then perhaps one flag whose value is the rest or the next word. */
function parseShortFlags(path: Path, word: string, printing: readonly string[]): ParsedFlag {
  for (let index = 1; index < word.length; index++) {
    const flag = `-${word[index]}`;
    const value = word[index + 1] === "=" ? word.slice(index + 2) : undefined;
    const kind = flagKind(path, flag);
    if (kind === "unknown" && printing.includes(flag)) return isFalse(value) ? {} : { found: flag };
    if (kind !== "bool") return { takesNext: index === word.length - 1 };
    if (value !== undefined) return {};
  }
  return {};
}

/** The ways to write false of Go's `strconv.ParseBool`. */
function isFalse(value: string | undefined): boolean {
  return value !== undefined && ["0", "f", "F", "false", "False", "FALSE"].includes(value);
}
