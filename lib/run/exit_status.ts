/**
 * The end of a command, as this process shows it to its own caller.
 *
 * @module
 */

import { tell } from "../brand.ts";
import type { LaunchEnd } from "../system/mod.ts";

const notFound = 127;
const notExecutable = 126;
const signalled = 128;

/** The exit status that a shell would give a command; says on stderr why one could not be run. */
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

/** Gives the exit status, or dies of the signal that the command died of. */
export async function endAlike(command: string, end: LaunchEnd): Promise<number> {
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
