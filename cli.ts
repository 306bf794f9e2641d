/**
 * The program `gs-telemetry`. Parses the first word, hands over, and alone may exit.
 *
 * @module
 */

import { brand } from "./lib/brand.ts";
import { courierMarker, courierSubcommand, ownCourier } from "./lib/delivery/courier_start.ts";
import { tell } from "./lib/messages.ts";
import { type CommandLine, parseCommandLine } from "./lib/run/command_line.ts";
import { endLikeCommand } from "./lib/run/exit_status.ts";
import { isCalledAsTool, isCalledByFileName, toolBehind, toolName } from "./lib/run/link.ts";
import { run } from "./lib/run/run.ts";
import { runtime } from "./lib/runtime/mod.ts";
import { UsageError } from "./lib/usage_error.ts";

const usageErrorStatus = 125;
const notFoundStatus = 127;
// As shells show a program that SIGPIPE has ended.
const brokenPipeStatus = 141;

async function main(args: readonly string[]): Promise<number> {
  const [subcommand, ...words] = args;
  const { calledAs } = runtime;
  const isCourier = subcommand === courierSubcommand && runtime.env(courierMarker);
  if (isCourier && isCalledByFileName(calledAs)) return await runCourier();
  if (isCalledAsTool(calledAs)) return await runToolBehind(args);
  if (subcommand === "run" || subcommand === "explain") {
    const line = parseCommandLine(subcommand, words);
    if (line.kind === "command") return await (subcommand === "run" ? runWrapped(line) : runExplain(line));
    return await runCommand([subcommand, line.kind === "help" ? "--help" : line.option]);
  }
  return await runCommand(args);
}

async function runWrapped(line: CommandLine): Promise<number> {
  const end = await run(line, { asChild: false, courier: ownCourier() });
  return await endLikeCommand(line.command[0], end);
}

/** Runs the tool whose name this program was called by. */
async function runToolBehind(args: readonly string[]): Promise<number> {
  const tool = toolBehind(runtime.calledAs, runtime.env);
  if (tool !== undefined) return await runWrapped({ kind: "command", options: {}, command: [tool, ...args] });
  const name = toolName(runtime.calledAs);
  tell(`${name} is a link to ${brand.name}, and there is no ${name} behind it on PATH`);
  return notFoundStatus;
}

async function runCourier(): Promise<number> {
  const courier = await import("./lib/delivery/courier.ts");
  await courier.runCourier();
  return 0;
}

async function runExplain(line: CommandLine): Promise<number> {
  const { explain } = await import("./lib/commands/explain.ts");
  return await explain(line);
}

/** Loads what a run does not need. */
async function runCommand(words: readonly string[]): Promise<number> {
  const program = await import("./lib/commands/program.ts");
  return await program.runCommand(words);
}

function tellError(error: unknown): number {
  if ((error as NodeJS.ErrnoException).code === "EPIPE") return brokenPipeStatus;
  const message = error instanceof Error ? error.message : String(error);
  tell(message);
  return error instanceof UsageError ? usageErrorStatus : 1;
}

main(runtime.args).catch(tellError).then(runtime.exit);
