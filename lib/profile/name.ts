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
  /** Beginnings of words that may stand before its flags and commands, such as `+` in `cargo +nightly build`. */
  readonly leadingWords?: readonly string[];
  /** Flags that take a value, such as `--output` and `-o`, or `-chdir` in tools that write them so. */
  readonly valueFlags?: readonly string[];
  /** Flags that take none, or one only with `=`. */
  readonly boolFlags?: readonly string[];
  /** Whether its flags hold for all commands below it too. */
  readonly persistentFlags?: boolean;
  /** Those of its flags that do not, although the others do. */
  readonly localFlags?: readonly string[];
  /** Flags that only print the version, if this command is the one that is called. */
  readonly versionFlags?: readonly string[];
  /** False if the first argument ends the command's flags, as in `podman run IMAGE ls -h`. */
  readonly interspersed?: boolean;
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
  const { path, rest } = findCommand([root], withoutLeadingWords(root, args));
  const uncounted = path.find((command) => command.counted === false);
  if (uncounted) return { counted: false, reason: `'${uncounted.name}' is not counted` };
  const call = findPrintingFlag(path, rest);
  if (call) return { counted: false, reason: `${call} is not counted` };
  return { counted: true, words: path.slice(1).map((command) => command.name) };
}

function withoutLeadingWords({ leadingWords = [] }: CommandTree, args: readonly string[]): readonly string[] {
  const start = args.findIndex((word) => !leadingWords.some((beginning) => word.startsWith(beginning)));
  return start < 0 ? [] : args.slice(start);
}

/** Reports whether a command line of an unknown tool asks for help. */
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

/**
 * While it looks for commands, cobra takes the next word for the value of every flag it does not
 * know; its own `--help` and `--version` are not known yet.
 */
function takesNextWord(path: Path, word: string): boolean {
  const mayTakeOne = /^(--[^=]*|-[\0-<>-\x7f])$/s.test(word) || isListedWithOneDash(path, word);
  return mayTakeOne && flagKind(path, word) !== "bool";
}

/** One dash and many letters are a cluster of short flags, unless the profile lists them as one flag. */
function isListedWithOneDash(path: Path, flag: string): boolean {
  return /^-[^-]./s.test(flag) &&
    (commandOfFlag(path, flag) !== undefined || isVersionFlag(path, flag));
}

function isVersionFlag(path: Path, flag: string): boolean {
  return path[path.length - 1].versionFlags?.includes(flag) ?? false;
}

/** A command's own flags come before those that it has from above. */
function flagKind(path: Path, flag: string): FlagKind {
  const command = commandOfFlag(path, flag);
  if (!command) return "unknown";
  return command.valueFlags?.includes(flag) ? "value" : "bool";
}

function commandOfFlag(path: Path, flag: string): CommandTree | undefined {
  return path.findLast((command, depth) =>
    (command.valueFlags?.includes(flag) || command.boolFlags?.includes(flag)) &&
    (depth === path.length - 1 || (command.persistentFlags && !command.localFlags?.includes(flag)))
  );
}

/** What a call prints instead of running, and the flag that says so. */
type Printing = { help?: string; version?: string };

/** Parses the flags of the command that was found, as pflag does: of a flag given twice, the last one counts. */
function findPrintingFlag(path: Path, args: readonly string[]): string | undefined {
  const { interspersed } = path[path.length - 1];
  const printing: Printing = {};
  for (let index = 0; index < args.length; index++) {
    const word = args[index];
    if (word === "--") break;
    if (!word.startsWith("-") || word === "-") {
      if (interspersed === false) break;
      continue;
    }
    const last = word.startsWith("--") || isListedWithOneDash(path, flagOf(word))
      ? parseLongFlag(path, word, printing)
      : parseShortFlags(path, word, printing);
    if (takesValue(last, args[index + 1])) index++;
  }
  return printing.help ?? printing.version;
}

/** A flag that nobody knows ends the call with an error; help that stands behind it was asked for all the same. */
function takesValue(flag: FlagKind, next: string | undefined): boolean {
  return flag === "value" || (flag === "unknown" && next !== undefined && !next.startsWith("-"));
}

/** The word up to its value. */
function flagOf(word: string): string {
  const equals = word.indexOf("=");
  return equals < 0 ? word : word.slice(0, equals);
}

/** Returns the kind of a flag that still wants its value; `bool` if none does. */
function parseLongFlag(path: Path, word: string, printing: Printing): FlagKind {
  const equals = word.indexOf("=");
  const flag = flagOf(word);
  const kind = flagKind(path, flag);
  if (note(path, flag, equals < 0 ? undefined : word.slice(equals + 1), printing)) return "bool";
  return equals < 0 ? kind : "bool";
}

/** A cluster such as `-vn5`: switches, then perhaps one flag whose value is the rest or the next word. */
function parseShortFlags(path: Path, word: string, printing: Printing): FlagKind {
  for (let index = 1; index < word.length; index++) {
    const flag = `-${word[index]}`;
    const value = word[index + 1] === "=" ? word.slice(index + 2) : undefined;
    const kind = flagKind(path, flag);
    if (note(path, flag, value, printing) || kind === "bool") {
      if (value !== undefined) return "bool";
      continue;
    }
    return index === word.length - 1 ? kind : "bool";
  }
  return "bool";
}

/** Notes a flag that prints; false if it is none. */
function note(path: Path, flag: string, value: string | undefined, printing: Printing): boolean {
  const kind = printingKind(path, flag);
  if (kind) printing[kind] = isFalse(value) ? undefined : flag;
  return kind !== undefined;
}

/** A `-h` that the profile lists without `--help` beside it is a flag of the tool's own. */
function printingKind(path: Path, flag: string): keyof Printing | undefined {
  const owner = commandOfFlag(path, flag);
  if (owner?.valueFlags?.includes(flag)) return undefined;
  // The second is a flag of its own only if the profile lists it; otherwise it is a cluster that begins with -h.
  if (flag === "--help" || flag === "-help") return "help";
  if (flag === "-h" && (!owner || owner.boolFlags?.includes("--help"))) return "help";
  return isVersionFlag(path, flag) ? "version" : undefined;
}

/** The ways to write false of Go's `strconv.ParseBool`. */
function isFalse(value: string | undefined): boolean {
  return value !== undefined && ["0", "f", "F", "false", "False", "FALSE"].includes(value);
}
