/**
 * The end of a command, as this process shows it to its own caller.
 *
 * @module
 */

import { tell } from "../messages.ts";
import type { LaunchEnd } from "../system/mod.ts";

const notFound = 127;
const notExecutable = 126;
const signalled = 128;

/** Returns the exit status that a shell would give a command. Says on stderr why one could not be run. */
export function exitStatus(command: string, end: LaunchEnd): number {
  switch (end.kind) {
    case "exited":
      return end.status;
    case "signalled":
      return signalled + signalNumber(end.signal);
    case "failed":
      tell(`cannot run '${command}': ${end.reason}`);
      return end.found ? notExecutable : notFound;
  }
}

/** Returns the exit status, or kills this process by the signal that killed the command. */
export async function endLikeCommand(command: string, end: LaunchEnd): Promise<number> {
  if (end.kind === "signalled") {
    process.kill(process.pid, end.signal);
    // The signal may be one that this process was started to ignore.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return exitStatus(command, end);
}

function signalNumber(signal: string): number {
  const { constants } = process.getBuiltinModule("node:os");
  return constants.signals[signal as NodeJS.Signals] ?? 0;
}
