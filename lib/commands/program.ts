/**
 * The command line as people see it: help, version, and the commands that are not on the way of a
 * run. The only file that knows the command-line library.
 *
 * @module
 */

import { Argument, Command, CommanderError, Help, Option } from "commander";
import type { ReportCommand } from "./report/mod.ts";
import { brand } from "../brand.ts";
import type { Completion, Grammar, OptionGrammar } from "./completions/grammar.ts";
import { completionScript, type Shell, shells } from "./completions/mod.ts";
import { findExecutable } from "../system/executable.ts";
import * as help from "./help.ts";
import {
  checkValue,
  isOptionOf,
  isSeconds,
  type OptionDefinition,
  optionDefinitions,
} from "../run/options.ts";
import { outputStyle, usualColumns, wrap } from "./page.ts";
import { runtime } from "../runtime/mod.ts";
import type { Choice } from "../consent/settings.ts";
import { UsageError } from "../usage_error.ts";
import { version } from "../version.ts";

const defaultListen = "127.0.0.1:8686";
const narrowest = 70;

/**
 * Runs a command line that is not a run.
 *
 * @returns The exit status.
 * @throws {UsageError} On an unknown command or a wrong option.
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
    .addHelpText("after", help.programHelp())
    .usage("COMMAND [options]")
    .enablePositionalOptions();
  program.addCommand(
    defineRun("run", "run a command and record it").addHelpText("after", help.runHelp()),
  );
  program.addCommand(
    defineRun("explain", "show what run would send; run, send and write nothing")
      .addHelpText("after", help.explainHelp()),
  );
  program.addCommand(defineStatus(setStatus));
  program.addCommand(
    defineSwitch("disable", "off", "switch telemetry off and delete what waits", setStatus),
  );
  program.addCommand(defineSwitch("enable", "on", "allow telemetry, from now on", setStatus));
  program.addCommand(defineFlush(setStatus));
  program.addCommand(defineLearn(setStatus));
  program.addCommand(defineSink(setStatus));
  program.addCommand(defineReport(setStatus));
  program.addCommand(defineCompletions(program));
  return program;
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

/** Breaks prose where the terminal ends; indented lines stay whole, as examples are copied. */
function writeOut(page: string): void {
  const style = outputStyle(runtime.env, Infinity);
  const lines = page.split("\n").flatMap((line) => line.startsWith(" ") ? [line] : wrap(line, style));
  runtime.write(1, lines.join("\n"));
}

/** The description as a sentence; in the list of commands it is none. */
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

/** An optional value is written without a space before it. */
function optionTerm({ flags }: Option): string {
  return flags.replace(" [=", "[=");
}

/** Options have their place on each command's own page. */
function subcommandTerm(command: Command): string {
  const operands = command.registeredArguments.map((argument) => argument.name());
  return [command.name(), ...operands.slice(0, 1)].join(" ");
}

function describeVersion(): string {
  const { name, version: runtimeVersion, os, architecture } = runtime;
  return `${brand.name} ${version} (${name} ${runtimeVersion}, ${os} ${architecture})`;
}

/** For the help only: `run` and `explain` are parsed by `options.ts`. */
function defineRun(name: string, description: string): Command {
  const command = defineCommand(name, description)
    .argument("COMMAND", "the command to run")
    .argument("[ARG...]", "its arguments")
    .usage("[options] [--] COMMAND [ARG...]");
  for (const [option, definition] of Object.entries(optionDefinitions)) {
    if (!isOptionOf(name, option)) continue;
    const value = placeholder(definition as OptionDefinition);
    const variable = "variable" in definition ? ` [${definition.variable}]` : "";
    command.addOption(new Option(`--${option}${value}`, `${definition.description}${variable}`));
  }
  return command;
}

function defineLearn(setStatus: (status: number) => void): Command {
  return defineCommand("learn", "print a profile learned from a tool that is built with cobra")
    .addHelpText("after", help.learnHelp())
    .argument("TOOL", "the tool")
    .argument("[WORD...]", "words that belong to it, such as a plugin's name")
    .usage("[options] [--] TOOL [WORD...]")
    .option("--app-id <UUID>", "the TelemetryDeck app of the profile", parseAppID)
    .option("--timeout <SECONDS>", "how long it may take", parseSeconds, 300)
    .passThroughOptions()
    .action(
      async (
        tool: string,
        more: string[],
        { appId: appID, timeout }: { appId?: string; timeout: number },
      ) => {
        const { learn } = await import("./learn.ts");
        setStatus(await learn({ tool: [tool, ...more], appID, timeout }));
      },
    );
}

function parseAppID(value: string): string {
  return checkValue("--app-id", value, optionDefinitions["app-id"]);
}

function placeholder(definition: OptionDefinition): string {
  if (definition.value === undefined) return "";
  return definition.implied === undefined ? ` <${definition.value}>` : ` [=${definition.value}]`;
}

function defineStatus(setStatus: (status: number) => void): Command {
  return defineCommand("status", "show whether telemetry is on, and what waits to be sent")
    .option("--json", "as JSON")
    .action(async ({ json = false }: { json?: boolean }) => {
      const { showStatus } = await import("./status.ts");
      setStatus(await showStatus(json));
    });
}

function defineSwitch(
  name: string,
  choice: Choice,
  description: string,
  setStatus: (status: number) => void,
): Command {
  return defineCommand(name, description)
    .action(async () => {
      const { choose } = await import("./switch.ts");
      setStatus(await choose(choice));
    });
}

function defineFlush(setStatus: (status: number) => void): Command {
  return defineCommand("flush", "send what waits now; exit 0 only if nothing waits afterwards")
    .addHelpText("after", help.flushHelp())
    .option("--timeout <SECONDS>", "give up after that long", parseSeconds)
    .action(async ({ timeout }: { timeout?: number }) => {
      const { showFlush } = await import("./flush.ts");
      setStatus(await showFlush(timeout === undefined ? undefined : timeout * 1_000));
    });
}

function parseSeconds(value: string): number {
  if (isSeconds(value)) return Number(value);
  throw new UsageError(`--timeout is '${value}' but should be a number of seconds, such as 5`);
}

function defineSink(setStatus: (status: number) => void): Command {
  return defineCommand("sink", "receive signals as TelemetryDeck would, show and keep them")
    .addHelpText("after", help.sinkHelp())
    .addOption(
      new Option("--listen <HOST:PORT>", "where to listen; port 0 takes any that is free")
        .default(defaultListen, defaultListen),
    )
    .option(
      "--store <STORE>",
      "keep signals: in FILE.db, in lines of JSON (any other FILE), or in ClickHouse",
    )
    .option("--app-id <UUID...>", "take signals of these apps only", collectAppIDs)
    .action(async ({ listen, store, appId }: { listen: string; store?: string; appId?: string[] }) => {
      const { serveSink } = await import("./sink.ts");
      setStatus(await serveSink({ ...parseListen(listen), store, appIDs: appId }));
    });
}

function collectAppIDs(value: string, before: readonly string[] = []): string[] {
  return [...before, parseAppID(value)];
}

function defineReport(setStatus: (status: number) => void): Command {
  return defineCommand("report", "show which commands are used, by how many people, how often")
    .addHelpText("after", help.reportHelp())
    .argument(
      "STORE...",
      "what a sink keeps: FILE.db, files with lines of JSON (- is standard input), or ClickHouse",
    )
    .usage("[options] STORE...")
    .option("--days <N>", "the last N days (default: 30)", parseCount("--days"))
    .option("--since <DATE>", "from this day on, in UTC")
    .option("--until <DATE>", "to this day; today if not given")
    .addOption(new Option("--by <STEP>", "what time is divided into").choices(["day", "week", "month"]))
    .option("--app-id <UUID>", "signals of this app only; may be given again for others", collectAppIDs)
    .option("--tool <NAME>", "commands of one tool: a profile's name or FILE, or the tool's first words")
    .option("--command <PREFIX>", "commands whose names begin with these words")
    .option("--test-mode", "count tests, in place of all others")
    .option(
      "--least-people <N>",
      "hold back what fewer people did, for a page that is published",
      parseCount("--least-people"),
    )
    .option("--json", "as JSON")
    .option("--html <FILE>", "as a web page; - prints it")
    .action(
      async (
        stores: string[],
        { appId, ...options }: Omit<ReportCommand, "stores"> & { appId?: string[] },
      ) => {
        const { showReport } = await import("./report/mod.ts");
        setStatus(await showReport({ ...options, stores, appIDs: appId }));
      },
    );
}

function parseCount(option: string): (value: string) => number {
  return (value) => {
    if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
    throw new UsageError(`${option} is '${value}' but should be a whole number from 1 on`);
  };
}

function parseListen(address: string): { hostname: string; port: number } {
  const parts = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(address);
  const port = Number(parts?.[3]);
  if (!parts || port > 65_535) {
    throw new UsageError(`--listen is '${address}' but should be HOST:PORT, such as 127.0.0.1:8686`);
  }
  return { hostname: parts[1] ?? parts[2], port };
}

function defineCompletions(program: Command): Command {
  return defineCommand("completions", "print a script that makes a shell complete commands")
    .addHelpText("after", help.completionsHelp())
    .addArgument(new Argument("SHELL", "the shell").choices(shells).argParser(parseShell))
    .action((shell: Shell) => runtime.write(1, completionScript(shell, describeGrammar(program))));
}

function parseShell(value: string): Shell {
  const shell = shells.find((each) => each === value);
  if (shell) return shell;
  throw new UsageError(`there are completions for bash, zsh and fish, not for '${value}'`);
}

function describeGrammar(program: Command): Grammar {
  const pages = program.createHelp();
  const commands = pages.visibleCommands(program);
  return {
    program: brand.name,
    options: describeOptions(pages, program),
    commands: commands.map((command) => ({
      name: command.name(),
      description: command.description(),
      options: describeOptions(pages, command),
      operand: describeOperand(command, commands),
    })),
  };
}

function describeOptions(pages: Help, command: Command): OptionGrammar[] {
  return pages.visibleOptions(command).map(({ long, short, flags, description, optional }) => {
    const placeholder = /[<[]=?([^>\]]+)/.exec(flags)?.[1];
    const completion: Completion = { kind: placeholder?.includes("FILE") ? "file" : "nothing" };
    const value = placeholder === undefined ? undefined : { placeholder, isOptional: optional, completion };
    return { long: long ?? "", short, description, value };
  });
}

function describeOperand(command: Command, commands: readonly Command[]): Completion {
  if (command.name() === "help") return { kind: "words", words: commands.map((each) => each.name()) };
  const [operand] = command.registeredArguments;
  if (operand === undefined) return { kind: "nothing" };
  return operand.argChoices ? { kind: "words", words: operand.argChoices } : { kind: "command line" };
}
