/**
 * The command line as people see it, for all that is not a run. The only file that knows the command-line library.
 *
 * @module
 */

import { Command, CommanderError, Help, Option } from "commander";
import { brand, version } from "../brand.ts";
import { runtime } from "../runtime/mod.ts";
import { findExecutable } from "../system/executable.ts";
import { UsageError } from "../usage_error.ts";
import type { Completion, Grammar, OptionGrammar } from "./completions/grammar.ts";
import { defineSubcommands } from "./definitions/mod.ts";
import type { Subcommand, SubcommandOption } from "./definitions/subcommand.ts";
import { programHelp } from "./help.ts";
import { outputStyle, usualColumns, wrap } from "./page.ts";

const narrowest = 70;

/**
 * Runs a command line that is not a run.
 *
 * @returns The exit status.
 * @throws {UsageError} If the subcommand is unknown or an option is wrong.
 */
export async function runCommand(words: readonly string[]): Promise<number> {
  if (words.length === 0) throw new UsageError(`a command is needed; see ${brand.name} --help`);
  let status = 0;
  const program = defineProgram((result) => status = result);
  try {
    const asksForHelpOnHelp = words[0] === "help" && /^(-|help$)/.test(words[1] ?? "");
    await program.parseAsync(asksForHelpOnHelp ? ["--help"] : words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw new UsageError(describeMistake(error, words), { cause: error });
  }
  return status;
}

function describeMistake({ code, message }: CommanderError, [word, topic]: readonly string[]): string {
  if (code === "commander.help") return `unknown command '${topic}'; see ${brand.name} --help`;
  // The library's message may have a suggestion on a second line, or end as a sentence.
  const mistake = message.replace(/^error: /, "").replace(/\.$/, "");
  const isSuggested = mistake.endsWith("?)");
  if (code === "commander.unknownCommand" && !isSuggested && findExecutable(word, runtime.env)) {
    return `${mistake}; to run it: ${brand.name} run -- ${word}`;
  }
  const page = code === "commander.unknownCommand" || word.startsWith("-") ? "" : `${word} `;
  return `${mistake}; see ${brand.name} ${page}--help`;
}

function defineProgram(setStatus: (status: number) => void): Command {
  const program = defineCommand(brand.name, "")
    .description(
      "Runs a command as if it had been run by itself, and sends one small anonymous\n" +
        "usage signal about it to TelemetryDeck: the command's name, never its arguments.",
    )
    .version(describeVersion(), "-V, --version", "show version, runtime and platform")
    .helpCommand("help [COMMAND]", "show help")
    .addHelpText("after", programHelp())
    .usage("COMMAND [options]")
    .enablePositionalOptions();
  const subcommands = defineSubcommands();
  const grammar = () => describeGrammar(program, subcommands);
  for (const subcommand of subcommands) {
    program.addCommand(defineSubcommand(subcommand, grammar, setStatus));
  }
  return program;
}

function defineSubcommand(
  { name, description, operands = [], usage, options = [], passesThrough = false, help, run }: Subcommand,
  grammar: () => Grammar,
  setStatus: (status: number) => void,
): Command {
  const command = defineCommand(name, description).passThroughOptions(passesThrough);
  for (const operand of operands) command.argument(operand.name, operand.description);
  if (usage) command.usage(usage);
  for (const definition of options) command.addOption(defineOption(definition));
  if (help) command.addHelpText("after", help());
  if (!run) return command;
  return command.action(async () => {
    // Of an operand that may be repeated, the library makes a list.
    const operands: string[] = command.processedArgs.flat();
    setStatus(await run({ operands, options: command.opts(), grammar }));
  });
}

function defineOption({ flags, description, choices, parse, default: byDefault }: SubcommandOption): Option {
  const option = new Option(flags, description);
  if (byDefault !== undefined) option.default(byDefault, String(byDefault));
  if (choices) option.choices(choices);
  return parse ? option.argParser<unknown>(parse as (value: string, before: unknown) => unknown) : option;
}

/** A command that leaves it to its caller to tell of mistakes and to exit. */
function defineCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .helpOption("-h, --help", "show help")
    .configureHelp({ commandDescription, formatItem, optionTerm, subcommandTerm })
    .exitOverride()
    .configureOutput({ writeOut, writeErr: () => {} });
}

/** Breaks prose at the terminal's width. Indented lines stay whole, as examples are copied. */
function writeOut(page: string): void {
  const style = outputStyle(runtime.env, Infinity);
  const lines = page.split("\n").flatMap((line) => line.startsWith(" ") ? [line] : wrap(line, style));
  runtime.write(1, lines.join("\n"));
}

/** Makes the description a sentence. In the list of commands it is none. */
function commandDescription(command: Command): string {
  const text = command.description();
  return text.endsWith(".") ? text : `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/** On a narrow terminal the description has lines of its own. */
function formatItem(term: string, termWidth: number, description: string, page: Help): string {
  const columns = page.helpWidth ?? usualColumns;
  if (columns >= narrowest) return Help.prototype.formatItem.call(page, term, termWidth, description, page);
  const lines = wrap(description, { columns, isColoured: false }, "      ");
  return [`  ${term}`, ...lines].join("\n");
}

/** Writes an optional value without a space before it. */
function optionTerm({ flags }: Option): string {
  return flags.replace(" [=", "[=");
}

/** Leaves out the options, which have their place on each command's own page. */
function subcommandTerm(command: Command): string {
  const operands = command.registeredArguments.map((argument) => argument.name());
  return [command.name(), ...operands.slice(0, 1)].join(" ");
}

function describeVersion(): string {
  const { name, version: runtimeVersion, os, architecture } = runtime;
  return `${brand.name} ${version} (${name} ${runtimeVersion}, ${os} ${architecture})`;
}

function describeGrammar(program: Command, subcommands: readonly Subcommand[]): Grammar {
  const pages = program.createHelp();
  const commands = pages.visibleCommands(program);
  const names = commands.map((command) => command.name());
  return {
    program: brand.name,
    options: describeOptions(pages, program),
    commands: commands.map((command) => ({
      name: command.name(),
      description: command.description(),
      options: describeOptions(pages, command),
      operand: command.name() === "help"
        ? { kind: "words", words: names }
        : describeOperand(subcommands.find(({ name }) => name === command.name())),
    })),
  };
}

function describeOptions(pages: Help, command: Command): OptionGrammar[] {
  return pages.visibleOptions(command).map(({ long, short, flags, description, optional }) => {
    const placeholder = /[<[]=?([^>\]]+)/.exec(flags)?.[1];
    const completion: Completion = { kind: namesFile(placeholder) ? "file" : "nothing" };
    const value = placeholder === undefined ? undefined : { placeholder, isOptional: optional, completion };
    return { long: long ?? "", short, description, value };
  });
}

function namesFile(placeholder = ""): boolean {
  return /FILE|STORE/.test(placeholder);
}

function describeOperand(subcommand: Subcommand | undefined): Completion {
  const { choices, operands: [operand] = [] } = subcommand ?? {};
  if (choices) return { kind: "words", words: choices };
  if (operand === undefined) return { kind: "nothing" };
  return { kind: namesFile(operand.name) ? "file" : "command line" };
}
