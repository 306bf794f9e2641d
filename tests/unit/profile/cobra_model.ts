/**
 * A model of how a program built with cobra finds the command to run and parses its flags, written
 * from the documentation and sources of spf13/cobra (`Command.Find`, `stripFlags`, `argsMinusFirstX`,
 * `Command.execute`) and spf13/pflag (`FlagSet.Parse`), step by step and in their order, to compare
 * `lib/profile/name.ts` with. It shares no code with it.
 *
 * @module
 */

import type { CommandTree } from "../../../lib/profile/name.ts";

/** A flag as a program defines it. */
export interface ModelFlag {
  readonly name: string;
  readonly shorthand?: string;
  /** `bool`: its value is true or false. `optional`: text that can be left out. `text`: text that cannot. */
  readonly type: "bool" | "optional" | "text";
  readonly persistent: boolean;
}

/** A command as a program defines it. */
export interface ModelCommand {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly flags: readonly ModelFlag[];
  readonly hasVersion: boolean;
  readonly interspersed: boolean;
  readonly commands: readonly ModelCommand[];
}

/** What the program does with a command line. */
export type ModelOutcome =
  | { readonly kind: "runs"; readonly words: readonly string[] }
  | { readonly kind: "prints" }
  | { readonly kind: "error" };

class ParseError extends Error {}

/** Does what the program would do. */
export function execute(root: ModelCommand, args: readonly string[]): ModelOutcome {
  const { path, rest } = find([root], args);
  const command = path[path.length - 1];
  // `legacyArgs`: a root with commands takes no other words.
  if (path.length === 1 && command.commands.length > 0 && stripFlags(path, rest).length > 0) {
    return { kind: "error" };
  }
  const flags = withDefaultFlags(command, flagsOf(path));
  try {
    const { values } = parse(flags, rest, command.interspersed);
    if (values.get("help") === "true") return { kind: "prints" };
    if (command.hasVersion && values.get("version") === "true") return { kind: "prints" };
    return { kind: "runs", words: path.slice(1).map(({ name }) => name) };
  } catch (error) {
    if (error instanceof ParseError) return { kind: "error" };
    throw error;
  }
}

/** `mergePersistentFlags`: those that are there already stay. */
export function flagsOf(path: readonly ModelCommand[]): ModelFlag[] {
  const flags = [...path[path.length - 1].flags];
  for (const parent of path.slice(0, -1).reverse()) {
    for (const flag of parent.flags) {
      if (flag.persistent && !flags.some(({ name }) => name === flag.name)) flags.push(flag);
    }
  }
  return flags;
}

/** `InitDefaultHelpFlag` and `InitDefaultVersionFlag`, which come after `Find`. */
export function withDefaultFlags(command: ModelCommand, flags: readonly ModelFlag[]): ModelFlag[] {
  const all = [...flags];
  if (!all.some(({ name }) => name === "help")) {
    all.push({ name: "help", shorthand: "h", type: "bool", persistent: false });
  }
  if (command.hasVersion && !all.some(({ name }) => name === "version")) {
    const isFree = !all.some(({ shorthand }) => shorthand === "v");
    all.push({ name: "version", shorthand: isFree ? "v" : undefined, type: "bool", persistent: false });
  }
  return all;
}

/** `Command.Find`. */
export function find(
  path: readonly ModelCommand[],
  args: readonly string[],
): { path: readonly ModelCommand[]; rest: readonly string[] } {
  const words = stripFlags(path, args);
  if (words.length === 0) return { path, rest: args };
  const next = path[path.length - 1].commands.find(({ name, aliases }) =>
    name === words[0] || aliases.includes(words[0])
  );
  if (!next) return { path, rest: args };
  return find([...path, next], argsMinusFirst(path, args, words[0]));
}

function isFlagWithNext(word: string, flags: readonly ModelFlag[]): boolean {
  if (word.includes("=")) return false;
  if (word.startsWith("--")) return !hasNoOptDefVal(flags.find(({ name }) => name === word.slice(2)));
  if (!word.startsWith("-") || new TextEncoder().encode(word).length !== 2) return false;
  return !hasNoOptDefVal(flags.find(({ shorthand }) => shorthand === word.slice(1)));
}

function hasNoOptDefVal(flag: ModelFlag | undefined): boolean {
  return flag !== undefined && flag.type !== "text";
}

function stripFlags(path: readonly ModelCommand[], args: readonly string[]): string[] {
  const flags = flagsOf(path);
  const commands: string[] = [];
  let rest = [...args];
  while (rest.length > 0) {
    const word = rest[0];
    rest = rest.slice(1);
    if (word === "--") break;
    if (isFlagWithNext(word, flags)) {
      if (rest.length <= 1) break;
      rest = rest.slice(1);
    } else if (word !== "" && !word.startsWith("-")) {
      commands.push(word);
    }
  }
  return commands;
}

function argsMinusFirst(path: readonly ModelCommand[], args: readonly string[], word: string): string[] {
  const flags = flagsOf(path);
  for (let position = 0; position < args.length; position++) {
    const candidate = args[position];
    if (candidate === "--") break;
    if (isFlagWithNext(candidate, flags)) position++;
    else if (!candidate.startsWith("-") && candidate === word) {
      return [...args.slice(0, position), ...args.slice(position + 1)];
    }
  }
  return [...args];
}

/** `FlagSet.Parse`: the flags' values and the words that are no flags. */
export function parse(
  flags: readonly ModelFlag[],
  args: readonly string[],
  interspersed: boolean,
): { values: Map<string, string>; words: string[] } {
  const values = new Map<string, string>();
  const words: string[] = [];
  const rest = [...args];
  while (rest.length > 0) {
    const word = rest.shift()!;
    if (word.length < 2 || !word.startsWith("-")) {
      words.push(word);
      if (!interspersed) return { values, words: [...words, ...rest] };
    } else if (word === "--") {
      return { values, words: [...words, ...rest] };
    } else if (word.startsWith("--")) {
      parseLong(flags, word, rest, values);
    } else {
      parseShort(flags, word, rest, values);
    }
  }
  return { values, words };
}

function parseLong(
  flags: readonly ModelFlag[],
  word: string,
  rest: string[],
  values: Map<string, string>,
): void {
  if (word[2] === "-" || word[2] === "=") throw new ParseError(`bad flag syntax: ${word}`);
  const [name] = word.slice(2).split("=", 1);
  const flag = flags.find((candidate) => candidate.name === name);
  if (!flag) throw new ParseError(`unknown flag: --${name}`);
  const hasValue = word.includes("=");
  if (hasValue) set(flag, word.slice(word.indexOf("=") + 1), values);
  else if (flag.type === "bool") set(flag, "true", values);
  else if (flag.type === "optional") set(flag, "default", values);
  else if (rest.length > 0) set(flag, rest.shift()!, values);
  else throw new ParseError(`flag needs an argument: ${word}`);
}

function parseShort(
  flags: readonly ModelFlag[],
  word: string,
  rest: string[],
  values: Map<string, string>,
): void {
  let shorthands = word.slice(1);
  while (shorthands.length > 0) {
    const flag = flags.find(({ shorthand }) => shorthand === shorthands[0]);
    if (!flag) throw new ParseError(`unknown shorthand flag: ${shorthands[0]} in ${word}`);
    if (shorthands.length > 2 && shorthands[1] === "=") {
      set(flag, shorthands.slice(2), values);
      shorthands = "";
    } else if (flag.type !== "text") {
      set(flag, flag.type === "bool" ? "true" : "default", values);
      shorthands = shorthands.slice(1);
    } else if (shorthands.length > 1) {
      set(flag, shorthands.slice(1), values);
      shorthands = "";
    } else if (rest.length > 0) {
      set(flag, rest.shift()!, values);
      shorthands = "";
    } else {
      throw new ParseError(`flag needs an argument: ${shorthands} in ${word}`);
    }
  }
}

/** Go's `strconv.ParseBool` for the flags that it is used for. */
function set(flag: ModelFlag, value: string, values: Map<string, string>): void {
  if (flag.type !== "bool") return void values.set(flag.name, value);
  if (["1", "t", "T", "true", "TRUE", "True"].includes(value)) values.set(flag.name, "true");
  else if (["0", "f", "F", "false", "FALSE", "False"].includes(value)) values.set(flag.name, "false");
  else throw new ParseError(`invalid argument ${value} for ${flag.name}`);
}

/** Describes the program as its profile would. */
export function profileTree(command: ModelCommand, inherited: readonly ModelFlag[] = []): CommandTree {
  const spell = ({ name, shorthand }: ModelFlag) => [`--${name}`, ...(shorthand ? [`-${shorthand}`] : [])];
  const flags = command.flags.filter(({ name }) => name !== "version");
  const persistent = [...inherited, ...command.flags.filter((flag) => flag.persistent)];
  const takesV = [...inherited, ...command.flags].some(({ shorthand }) => shorthand === "v");
  return {
    name: command.name,
    aliases: command.aliases,
    valueFlags: flags.filter(({ type }) => type === "text").flatMap(spell),
    boolFlags: flags.filter(({ type }) => type !== "text").flatMap(spell),
    persistentFlags: true,
    localFlags: flags.filter((flag) => !flag.persistent).flatMap(spell),
    versionFlags: command.hasVersion ? ["--version", ...(takesV ? [] : ["-v"])] : [],
    interspersed: command.interspersed,
    commands: command.commands.map((child) => profileTree(child, persistent)),
  };
}
