/**
 * The command line as people see it: help, version, and the commands that are not on the way of a
 * run. The only file that knows the command-line library.
 *
 * @module
 */

import { Command, CommanderError, Option } from "commander";
import { validate as isUuid } from "uuid";
import { optionDefinitions } from "./options.ts";
import { UsageError } from "./usage_error.ts";
import { version } from "./version.ts";

const examples = `
Examples:
  gs-telemetry run -- kubectl gs login my-cluster
  gs-telemetry explain -- kubectl gs login my-cluster
  gs-telemetry run --app-id UUID --signal-type Acme.command -- acme deploy
  gs-telemetry learn -- helm > ~/.config/gs-telemetry/profiles/helm.json

Nothing is recorded or sent if GS_TELEMETRY_OPTOUT has any value, or DO_NOT_TRACK is 1.
`;

/**
 * Runs a command line that is not a run.
 *
 * @returns The exit status.
 * @throws {UsageError} On an unknown command or a wrong option.
 */
export async function runCommand(words: readonly string[]): Promise<number> {
  let status = 0;
  const program = defineProgram((result) => status = result);
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw new UsageError(error.message.replace(/^error: /, ""), { cause: error });
  }
  return status;
}

function defineProgram(setStatus: (status: number) => void): Command {
  const program = new Command("gs-telemetry")
    .description(
      "Runs a command as if it had been run by itself and sends one anonymous usage signal about it.",
    )
    .version(version, "-V, --version", "show the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help")
    .addHelpText("after", examples)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  program.addCommand(defineRun("run", "run a command and record it"));
  program.addCommand(defineRun("explain", "print what run would send, as JSON; run and send nothing"));
  program.addCommand(defineLearn(setStatus));
  program.addCommand(defineSink(setStatus));
  program.action(() => {
    throw new UsageError("a command is needed; see gs-telemetry --help");
  });
  return program.allowExcessArguments(false);
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
    const value = "value" in definition ? ` <${definition.value}>` : "";
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
    .option("--app-id <UUID>", "the TelemetryDeck app of the profile")
    .option("--timeout <SECONDS>", "how long it may take", "300")
    .passThroughOptions()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .action(async (tool: string, more: string[], options: { appId?: string; timeout: string }) => {
      const { learn } = await import("./learn/mod.ts");
      checkAppID(options.appId);
      setStatus(
        await learn({ tool: [tool, ...more], appID: options.appId, timeout: parseSeconds(options.timeout) }),
      );
    });
}

function checkAppID(appID: string | undefined): void {
  if (appID === undefined || isUuid(appID)) return;
  throw new UsageError(
    `--app-id is '${appID}' but should be a UUID, such as 4539763B-A291-4835-B832-9BEB80CA7039`,
  );
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text !== "" && seconds > 0) return seconds;
  throw new UsageError(`--timeout is '${text}' but should be a number of seconds above 0`);
}

function defineSink(setStatus: (status: number) => void): Command {
  return new Command("sink")
    .description("receive signals as TelemetryDeck would, and show them")
    .option("--listen <HOST:PORT>", "where to listen; port 0 takes any that is free", "127.0.0.1:8686")
    .option("--store <FILE>", "append each signal to a file, as a line of JSON")
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .action(async ({ listen, store }: { listen: string; store?: string }) => {
      const { serveSink } = await import("./sink.ts");
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
