import { runtime } from "../../runtime/mod.ts";
import type { StartedProgram } from "../../runtime/runtime.ts";
import type { LaunchEnd } from "../system.ts";
import { portableFiles } from "./files.ts";
import { ignoredSignals, signalPassing } from "./signals.ts";

const envProgram = "/usr/bin/env";

/** Runs a command as a child: its terminal is this process's, and signals sent to this process reach it. */
export function launchChild(
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<LaunchEnd> {
  return attemptLaunch(variables, ignoredSignals(), () => runtime.startProgram(throughEnv(command)));
}

/**
 * Starts a child and waits for its end.
 *
 * @param ignored The numbers of signals that the caller has ignored.
 */
export async function attemptLaunch(
  variables: Readonly<Record<string, string>>,
  ignored: readonly number[],
  start: () => StartedProgram,
): Promise<LaunchEnd> {
  let child: number | undefined;
  const passing = signalPassing((signal) => void (child && process.kill(child, signal)), ignored);
  try {
    const { pid, ended } = withVariables(variables, start);
    child = pid;
    // At once, but not before: from then on Deno starts a child with nothing ignored.
    passing.begin();
    const { status, signal } = await ended;
    return signal === null ? { kind: "exited", status: status ?? 1 } : { kind: "signalled", signal };
  } catch (error) {
    return launchFailure(error as NodeJS.ErrnoException);
  } finally {
    passing.end();
  }
}

/** A child inherits the variables that may be set; those of this process are then as before. */
function withVariables<T>(variables: Readonly<Record<string, string>>, start: () => T): T {
  const names = Object.keys(variables).filter((name) => runtime.mayReadVariable(name));
  const before = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) process.env[name] = variables[name];
  try {
    return start();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** env(1) looks for the command as execvp(3) does and leaves it the name that it was called by. */
function throughEnv(command: readonly string[]): readonly string[] {
  const isPossible = !command[0].includes("=") &&
    portableFiles().exists(envProgram) && runtime.mayStart(envProgram);
  return isPossible ? [envProgram, "--", ...command] : command;
}

function launchFailure(error: NodeJS.ErrnoException): LaunchEnd {
  return error.code === "ENOENT"
    ? { kind: "failed", found: false, reason: "No such file or directory" }
    : { kind: "failed", found: true, reason: error.code === "EACCES" ? "Permission denied" : error.message };
}
