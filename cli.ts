/**
 * The program `gs-telemetry`. Parses the first word, hands over, and alone may exit.
 *
 * @module
 */

import { courierSubcommand, urgently } from "./lib/courier.ts";
import { explain } from "./lib/explain.ts";
import { parseCommandLine } from "./lib/options.ts";
import { run } from "./lib/run.ts";
import { runtime } from "./lib/runtime/mod.ts";
import { UsageError } from "./lib/usage_error.ts";

const usageErrorStatus = 125;

async function main([subcommand, ...words]: readonly string[]): Promise<number> {
  if (subcommand === "run" || subcommand === "explain") {
    const line = parseCommandLine(subcommand, words);
    if (line.kind === "command") return await (subcommand === "run" ? run(line) : explain(line));
    return await runCommand([subcommand, "--help"]);
  }
  if (subcommand === courierSubcommand) {
    const { runCourier } = await import("./lib/courier_work.ts");
    return await runCourier(words.includes(urgently));
  }
  return await runCommand(subcommand === undefined ? [] : [subcommand, ...words]);
}

/** Loads what a run does not need. */
async function runCommand(words: readonly string[]): Promise<number> {
  const commands = await import("./lib/commands.ts");
  return await commands.runCommand(words);
}

function tellError(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  runtime.write(2, `gs-telemetry: ${message}\n`);
  return error instanceof UsageError ? usageErrorStatus : 1;
}

main(runtime.args).catch(tellError).then(runtime.exit);
