import { runtime } from "../../runtime/mod.ts";
import type { Files, LaunchEnd } from "../system.ts";
import { findInvocation } from "./invocation.ts";
import { copyMemory, errors, type Kernel, readWide } from "./kernel.ts";
import { type Process, startProcess, withVariables } from "./process.ts";

// Of a console, the command gets them by itself; this process only has to survive them.
const consoleEvents = ["SIGINT", "SIGBREAK", "SIGHUP"] as const;
const lookEvery = 10;

const reasons: Readonly<Record<number, string>> = {
  [errors.ERROR_ACCESS_DENIED]: "Access is denied",
  [errors.ERROR_BAD_EXE_FORMAT]: "it is not a program that Windows can run",
  [errors.ERROR_FILENAME_EXCED_RANGE]: "its arguments are longer than Windows allows",
  [errors.ERROR_ELEVATION_REQUIRED]: "it needs the rights of an administrator",
};

/** Runs a command in the foreground. Waits without an event loop, since there is nothing else to do. */
export function launch(
  kernel: Kernel,
  files: Files,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
): LaunchEnd {
  const endSurvival = surviveConsoleEvents();
  try {
    const started = start(kernel, files, command, variables);
    if ("kind" in started) return started;
    const status = started.wait();
    started.close();
    return { kind: "exited", status };
  } finally {
    endSurvival();
  }
}

/** Runs a command in the foreground beside the event loop. */
export async function launchChild(
  kernel: Kernel,
  files: Files,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<LaunchEnd> {
  const endSurvival = surviveConsoleEvents();
  try {
    const started = start(kernel, files, command, variables);
    if ("kind" in started) return started;
    let status = started.status();
    for (; status === undefined; status = started.status()) {
      await new Promise((resolve) => setTimeout(resolve, lookEvery));
    }
    started.close();
    return { kind: "exited", status };
  } finally {
    endSurvival();
  }
}

function start(
  kernel: Kernel,
  files: Files,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
): Process | LaunchEnd {
  const found = findInvocation(files, command, runtime.env, ownCommandLine(kernel));
  if (found.kind === "failed") return found;
  const { file, commandLine } = found;
  const started = withVariables(
    kernel,
    variables,
    () => startProcess(kernel, { file, commandLine, isForeground: true, flags: 0 }),
  );
  return typeof started === "number" ? failure(started) : started;
}

function failure(error: number): LaunchEnd {
  const found = error !== errors.ERROR_FILE_NOT_FOUND && error !== errors.ERROR_PATH_NOT_FOUND;
  return { kind: "failed", found, reason: reasons[error] ?? `Windows' error ${error}` };
}

function ownCommandLine(kernel: Kernel): string {
  const address = kernel.GetCommandLineW();
  return readWide(copyMemory(kernel, address, kernel.lstrlenW(address) * 2));
}

function surviveConsoleEvents(): () => void {
  const ignore = () => {};
  for (const event of consoleEvents) process.on(event, ignore);
  return () => {
    for (const event of consoleEvents) process.off(event, ignore);
  };
}
