/**
 * The words after `run` and `explain`. This parser is on the way of every run and therefore small.
 *
 * @module
 */

import { brand } from "../brand.ts";
import { UsageError } from "../usage_error.ts";
import {
  checkValue,
  type OptionDefinition,
  optionDefinitions,
  type OptionName,
  type Options,
} from "./options.ts";

/** A command to run or to explain. */
export interface CommandLine {
  readonly kind: "command";
  readonly options: Options;
  readonly command: readonly [string, ...string[]];
}

/** What the words after `run` or `explain` ask for. */
export type ParsedLine =
  | CommandLine
  | { readonly kind: "help" }
  | { readonly kind: "unknown option"; readonly option: string };

/**
 * Splits the words after `run` or `explain` into options and the command. Options end at the first word that is
 * not one, or at `--`.
 *
 * @throws {UsageError} If a value is missing or wrong, or if there is no command.
 */
export function parseCommandLine(subcommand: string, words: readonly string[]): ParsedLine {
  const options: { [Name in OptionName]?: string } = {};
  let index = 0;
  for (; isOption(words[index]); index++) {
    const word = words[index];
    if (word === "--help" || word === "-h") return { kind: "help" };
    const equals = word.indexOf("=");
    const flag = equals < 0 ? word : word.slice(0, equals);
    const name = optionNamed(flag, subcommand);
    if (name === undefined) return { kind: "unknown option", option: flag };
    const definition: OptionDefinition = optionDefinitions[name];
    const given = equals < 0 ? undefined : word.slice(equals + 1);
    const takesNextWord = given === undefined && definition.value !== undefined &&
      definition.implied === undefined;
    if (takesNextWord) index++;
    options[name] = readValue(definition, takesNextWord ? words[index] : given);
  }
  if (words[index] === "--") index++;
  const [program, ...args] = words.slice(index);
  if (program === undefined) {
    throw new UsageError(`${subcommand} needs a command: ${brand.name} ${subcommand} -- COMMAND [ARG...]`);
  }
  return { kind: "command", options, command: [program, ...args] };
}

function isOption(word: string | undefined): word is string {
  return word !== undefined && word.startsWith("-") && word !== "-" && word !== "--";
}

function optionNamed(flag: string, subcommand: string): OptionName | undefined {
  for (const name in optionDefinitions) {
    const definition: OptionDefinition = optionDefinitions[name as OptionName];
    if (definition.flag === flag && isOptionOf(definition, subcommand)) return name as OptionName;
  }
  return undefined;
}

/** Reports whether a subcommand has an option. */
export function isOptionOf({ only }: OptionDefinition, subcommand: string): boolean {
  return only === undefined || only === subcommand;
}

function readValue(definition: OptionDefinition, given: string | undefined): string {
  const { flag, value: placeholder, implied } = definition;
  if (placeholder === undefined) {
    if (given !== undefined) throw new UsageError(`${flag} takes no value`);
    return "";
  }
  const value = given ?? implied;
  if (value === undefined) throw new UsageError(`${flag} needs a value: ${flag} ${placeholder}`);
  return checkValue(flag, value, definition);
}
