import { tell } from "./brand.ts";
import type { Plan } from "./plan.ts";
import { type LaunchEnd, system } from "./system/mod.ts";

const notFound = 127;
const notExecutable = 126;

/**
 * Runs the command. Where this process can become the command, that is the end of it; elsewhere the
 * command's exit status is returned, or this process dies of the signal that the command died of.
 *
 * @param afterwards What this process is to do when the command has ended; with it, the command is a child.
 */
export async function launch(
  command: readonly [string, ...string[]],
  plan: Plan,
  afterwards?: () => Promise<void>,
): Promise<number> {
  const variables = plan.kind === "signal" ? plan.variables : {};
  const end = await (afterwards ? system.launchChild(command, variables) : system.launch(command, variables));
  if (end.kind !== "failed") await afterwards?.();
  switch (end.kind) {
    case "exited":
      return end.status;
    case "signalled":
      return await dieOf(end.signal);
    case "failed":
      return tellFailure(command[0], end);
  }
}

function tellFailure(command: string, end: LaunchEnd & { kind: "failed" }): number {
  tell(`cannot run '${command}': ${end.reason}`);
  return end.found ? notExecutable : notFound;
}

async function dieOf(signal: string): Promise<number> {
  const { constants } = process.getBuiltinModule("node:os");
  const number = constants.signals[signal as NodeJS.Signals] ?? 0;
  process.kill(process.pid, signal);
  // The signal may be one that this process was started to ignore.
  await new Promise((resolve) => setTimeout(resolve, 100));
  return 128 + number;
}
