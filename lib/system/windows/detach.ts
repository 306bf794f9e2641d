import { quoteArgument } from "./command_line.ts";
import { errors, type Kernel } from "./kernel.ts";
import { type Process, startProcess, withVariables } from "./process.ts";

const CREATE_NEW_PROCESS_GROUP = 0x200;
const CREATE_BREAKAWAY_FROM_JOB = 0x0100_0000;
// A console without a window: what the courier asks for its version gets this one, too, and opens none.
const CREATE_NO_WINDOW = 0x0800_0000;

/**
 * Starts a program as `System.detach` says: it has none of this process's handles, no window, and a console of its
 * own, so that it lives on when the caller's is closed.
 */
export function detach(
  kernel: Kernel,
  command: readonly string[],
  directory: string,
  variables: Readonly<Record<string, string>>,
): boolean {
  const start = (flags: number) =>
    startProcess(kernel, {
      file: command[0],
      commandLine: command.map(quoteArgument).join(" "),
      directory: directory.replaceAll("/", "\\"),
      isForeground: false,
      flags: flags | CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP,
    });
  return withVariables(kernel, variables, () => {
    const started = start(CREATE_BREAKAWAY_FROM_JOB);
    // Not every job lets go of what is started in it.
    return close(started === errors.ERROR_ACCESS_DENIED ? start(0) : started);
  });
}

function close(started: Process | number): boolean {
  if (typeof started === "number") return false;
  started.close();
  return true;
}

/** Does the same without native code, as far as Node.js can. */
export function detachPortably(
  [program, ...args]: readonly string[],
  directory: string,
  variables: Readonly<Record<string, string>>,
): boolean {
  const { spawn } = process.getBuiltinModule("node:child_process");
  const env = { ...process.env, ...variables };
  const options = { cwd: directory, env, stdio: "ignore", windowsHide: true, detached: true } as const;
  const child = spawn(program, args, options);
  child.on("error", () => {});
  child.unref();
  return child.pid !== undefined;
}
