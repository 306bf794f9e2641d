/**
 * The command line as people see it: help, version, and the commands that are not on the way of a
 * run. The only file that knows the command-line library.
 *
 * @module
 */

import { Command, CommanderError, Option } from "commander";
import { brand } from "./brand.ts";
import { checkValue, isOptionOf, isSeconds, type OptionDefinition, optionDefinitions } from "./options.ts";
import { runtime } from "./runtime/mod.ts";
import { UsageError } from "./usage_error.ts";
import { version } from "./version.ts";

function examples(): string {
  return `
Examples:
  ${brand.name} run -- kubectl gs login my-cluster
  ${brand.name} explain -- kubectl gs login my-cluster
  ${brand.name} run --app-id UUID --signal-type Acme.command -- acme deploy
  ${brand.name} learn -- helm > ~/.config/gs-telemetry/profiles/helm.json

Nothing is recorded or sent if GS_TELEMETRY_OPTOUT has any value, or DO_NOT_TRACK is 1.
`;
}

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
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw new UsageError(oneLine(error.message), { cause: error });
  }
  return status;
}

/** The library's message may have a suggestion on a second line. */
function oneLine(message: string): string {
  return message.replace(/^error: /, "").replaceAll("\n", " ");
}

function defineProgram(setStatus: (status: number) => void): Command {
  const program = new Command(brand.name)
    .description(
      "Runs a command as if it had been run by itself and sends one anonymous usage signal about it.",
    )
    .version(describeVersion(), "-V, --version", "show version, runtime and platform")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help")
    .addHelpText("after", examples())
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  program.addCommand(defineRun("run", "run a command and record it"));
  program.addCommand(defineRun("explain", "show what run would send; run, send and write nothing"));
  program.addCommand(defineLearn(setStatus));
  program.addCommand(defineStatus(setStatus));
  program.addCommand(defineFlush(setStatus));
  program.addCommand(defineSink(setStatus));
  return program;
}

function describeVersion(): string {
  const { name, version: runtimeVersion, os, architecture } = runtime;
  return `${brand.name} ${version} (${name} ${runtimeVersion}, ${os} ${architecture})`;
}

/** For the help only: `run` and `explain` are parsed by `options.ts`. */
function defineRun(name: string, description: string): Command {
  const command = new Command(name)
    .description(description)
    .argument("COMMAND", "the command to run")
    .argument("[ARG...]", "its arguments")
    .usage("[options] [--] COMMAND [ARG...]")
    .exitOverride();
  for (const [option, definition] of Object.entries(optionDefinitions)) {
    if (!isOptionOf(name, option)) continue;
    const value = placeholder(definition as OptionDefinition);
    const variable = "variable" in definition ? ` [${definition.variable}]` : "";
    command.addOption(new Option(`--${option}${value}`, `${definition.description}${variable}`));
  }
  return command;
}

function defineLearn(setStatus: (status: number) => void): Command {
  return new Command("learn")
    .description("print a profile learned from a tool that is built with cobra")
    .argument("TOOL", "the tool")
    .argument("[WORD...]", "words that belong to it, such as a plugin's name")
    .usage("[options] [--] TOOL [WORD...]")
    .option("--app-id <UUID>", "the TelemetryDeck app of the profile", parseAppID)
    .option("--timeout <SECONDS>", "how long it may take", parseSeconds, 300)
    .passThroughOptions()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .action(
      async (
        tool: string,
        more: string[],
        { appId: appID, timeout }: { appId?: string; timeout: number },
      ) => {
        const { learn } = await import("./learn/mod.ts");
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
  return new Command("status")
    .description("show whether telemetry is on, and what waits to be sent")
    .option("--json", "as JSON")
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .action(async ({ json = false }: { json?: boolean }) => {
      const { showStatus } = await import("./status.ts");
      setStatus(showStatus(json));
    });
}

function defineFlush(setStatus: (status: number) => void): Command {
  return new Command("flush")
    .description("send what waits now; exit 0 only if nothing waits afterwards")
    .option("--timeout <SECONDS>", "give up after that long", parseSeconds)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .action(async ({ timeout }: { timeout?: number }) => {
      const { flush } = await import("./delivery/flush.ts");
      setStatus(await flush(timeout === undefined ? undefined : timeout * 1_000));
    });
}

function parseSeconds(value: string): number {
  if (isSeconds(value)) return Number(value);
  throw new UsageError(`--timeout is '${value}' but should be a number of seconds, such as 5`);
}

function defineSink(setStatus: (status: number) => void): Command {
  return new Command("sink")
    .description("receive signals as TelemetryDeck would, and show them")
    .option("--listen <HOST:PORT>", "where to listen; port 0 takes any that is free", "127.0.0.1:8686")
    .option("--store <FILE>", "append each signal to a file, as a line of JSON")
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .action(async ({ listen, store }: { listen: string; store?: string }) => {
      const { serveSink } = await import("./sink/sink.ts");
      setStatus(await serveSink({ ...parseListen(listen), store }));
    });
}

function parseListen(address: string): { hostname: string; port: number } {
  const parts = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(address);
  const port = Number(parts?.[3]);
  if (!parts || port > 65_535) {
    throw new UsageError(`--listen is '${address}' but should be HOST:PORT, such as 127.0.0.1:8686`);
  }
  return { hostname: parts[1] ?? parts[2], port };
}
