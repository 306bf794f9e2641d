/**
 * The subcommands: their options, what help says of them, and which file does the work. A file is loaded only when
 * its subcommand is called.
 *
 * @module
 */

import { isOptionOf } from "../run/command_line.ts";
import { checkValue, isSeconds, type OptionDefinition, optionDefinitions } from "../run/options.ts";
import { runtime } from "../runtime/mod.ts";
import { UsageError } from "../usage_error.ts";
import { completionScript, type Shell, shells } from "./completions/mod.ts";
import type { Grammar } from "./completions/grammar.ts";
import * as help from "./help.ts";

/** An option of a subcommand. */
export interface SubcommandOption {
  /** As help shows it, such as `--timeout <SECONDS>`. */
  readonly flags: string;
  readonly description: string;
  readonly default?: unknown;
  /** Reads the value. */
  readonly parse?: (value: string) => unknown;
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

const defaultListen = "127.0.0.1:8686";

/** All subcommands, in the order of help. */
export function defineSubcommands(): readonly Subcommand[] {
  return [
    wrapping("run", "run a command and record it", help.runHelp),
    wrapping("explain", "show what run would send; run, send and write nothing", help.explainHelp),
    status(),
    choosing("disable", "off", "switch telemetry off and delete what waits"),
    choosing("enable", "on", "allow telemetry, from now on"),
    flush(),
    learn(),
    sink(),
    completions(),
  ];
}

/** Lets a subcommand's options have their own types; commander hands them over without. */
function define<Options>(subcommand: Subcommand<Options>): Subcommand {
  return subcommand as unknown as Subcommand;
}

function wrapping(name: string, description: string, helpBelow: () => string): Subcommand {
  const definitions: OptionDefinition[] = Object.values(optionDefinitions);
  return {
    name,
    description,
    operands: [
      { name: "COMMAND", description: "the command to run" },
      { name: "[ARG...]", description: "its arguments" },
    ],
    usage: "[options] [--] COMMAND [ARG...]",
    options: definitions.filter((definition) => isOptionOf(definition, name)).map(describeOption),
    help: helpBelow,
  };
}

function describeOption({ flag, value, implied, variable, description }: OptionDefinition): SubcommandOption {
  const placeholder = value === undefined ? "" : implied === undefined ? ` <${value}>` : ` [=${value}]`;
  return {
    flags: `${flag}${placeholder}`,
    description: variable === undefined ? description : `${description} [${variable}]`,
  };
}

function status(): Subcommand {
  return define<{ json?: boolean; sent?: boolean }>({
    name: "status",
    description: "show whether telemetry is on, and what waits to be sent",
    options: [
      { flags: "--sent", description: "show the last twenty signals that left this machine instead" },
      { flags: "--json", description: "as JSON" },
    ],
    async run({ options: { json = false, sent = false } }) {
      if (sent) return (await import("./sent.ts")).showSent(json);
      const { showStatus } = await import("./status.ts");
      return await showStatus(json);
    },
  });
}

function choosing(name: string, choice: "on" | "off", description: string): Subcommand {
  return {
    name,
    description,
    async run() {
      const { choose } = await import("./switch.ts");
      return await choose(choice);
    },
  };
}

function flush(): Subcommand {
  return define<{ timeout?: number }>({
    name: "flush",
    description: "send what waits now; exit 0 only if nothing waits afterwards",
    options: [{ flags: "--timeout <SECONDS>", description: "give up after that long", parse: parseSeconds }],
    help: help.flushHelp,
    async run({ options: { timeout } }) {
      const { showFlush } = await import("./flush.ts");
      return await showFlush(timeout === undefined ? undefined : timeout * 1_000);
    },
  });
}

function learn(): Subcommand {
  return define<{ appId?: string; timeout: number }>({
    name: "learn",
    description: "print a profile learned from a tool that is built with cobra",
    operands: [
      { name: "TOOL", description: "the tool" },
      { name: "[WORD...]", description: "words that belong to it, such as a plugin's name" },
    ],
    usage: "[options] [--] TOOL [WORD...]",
    options: [
      { flags: "--app-id <UUID>", description: "the TelemetryDeck app of the profile", parse: parseAppID },
      {
        flags: "--timeout <SECONDS>",
        description: "how long it may take",
        parse: parseSeconds,
        default: 300,
      },
    ],
    passesThrough: true,
    help: help.learnHelp,
    async run({ operands: [tool, ...more], options: { appId: appID, timeout } }) {
      const { learn } = await import("./learn.ts");
      return await learn({ tool: [tool, ...more], appID, timeout });
    },
  });
}

function sink(): Subcommand {
  return define<{ listen: string; store?: string }>({
    name: "sink",
    description: "receive signals as TelemetryDeck would, and show them",
    options: [
      {
        flags: "--listen <HOST:PORT>",
        description: "where to listen; port 0 takes any that is free",
        default: defaultListen,
      },
      { flags: "--store <FILE>", description: "append each signal to a file, as a line of JSON" },
    ],
    help: help.sinkHelp,
    async run({ options: { listen, store } }) {
      const { serveSink } = await import("./sink.ts");
      return await serveSink({ ...parseListen(listen), store });
    },
  });
}

function completions(): Subcommand {
  return {
    name: "completions",
    description: "print a script that makes a shell complete commands",
    operands: [{ name: "SHELL", description: "the shell: bash, zsh or fish" }],
    choices: shells,
    help: help.completionsHelp,
    run({ operands: [shell], grammar }) {
      if (!isShell(shell)) {
        throw new UsageError(`there are completions for bash, zsh and fish, not for '${shell}'`);
      }
      runtime.write(1, completionScript(shell, grammar()));
      return 0;
    },
  };
}

function isShell(word: string): word is Shell {
  return (shells as readonly string[]).includes(word);
}

function parseAppID(value: string): string {
  return checkValue("--app-id", value, optionDefinitions.appID);
}

function parseSeconds(value: string): number {
  if (isSeconds(value)) return Number(value);
  throw new UsageError(`--timeout is '${value}' but should be a number of seconds, such as 5`);
}

function parseListen(address: string): { hostname: string; port: number } {
  const parts = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(address);
  const port = Number(parts?.[3]);
  if (!parts || port > 65_535) {
    throw new UsageError(`--listen is '${address}' but should be HOST:PORT, such as 127.0.0.1:8686`);
  }
  return { hostname: parts[1] ?? parts[2], port };
}
