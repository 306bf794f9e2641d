/**
 * Any system, by the modules of Node.js that both runtimes have: Windows, and every system on which
 * native code may not be called. The command runs as a child process.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { linuxHardwareAddresses, linuxMachineID } from "./linux.ts";
import { portableOwnership } from "./ownership.ts";
import type { Files, LaunchEnd, Machine, OptionalFile, System } from "./system.ts";

type NetworkInterfaces = ReturnType<typeof import("node:os").networkInterfaces>;

// What a supervisor or a shell sends to this process has to be passed on. What a terminal sends, the command
// gets by itself, being in the same process group.
const forwardedSignals = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGCONT"] as const;
const terminalSignals = ["SIGINT", "SIGQUIT", "SIGWINCH"] as const;

// The shell of POSIX knows single digits only.
const closingScript = 'exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; exec "$@"';
const envProgram = "/usr/bin/env";

/** A system without native code. */
export function portableSystem(): System {
  return {
    files: portableFiles(),
    pathSeparator: runtime.os === "windows" ? ";" : ":",
    executableEndings: runtime.os === "windows" ? ["", ".exe", ".cmd", ".bat", ".com"] : [""],
    isTerminal: (descriptor) => process.getBuiltinModule("node:tty").isatty(descriptor),
    isOwnJob: () => undefined,
    terminalSession: () => undefined,
    ownership: portableOwnership,
    machine,
    machineID: () => runtime.os === "linux" ? linuxMachineID(portableFiles().read) : undefined,
    setAlarm,
    lock: runtime.lock,
    detach: (...call) => attempt(() => detach(...call)) ?? false,
    reapStarter() {},
    launch: launchChild,
    launchChild,
  };
}

function portableFiles(): Files {
  const fs = process.getBuiltinModule("node:fs");
  return {
    create: (path, text) => succeeds(() => fs.writeFileSync(path, text, { mode: 0o600, flag: "wx" })),
    rename: (from, to) => succeeds(() => fs.renameSync(from, to)),
    makeDirectory: (path) => succeeds(() => fs.mkdirSync(path, { mode: 0o700 })),
    remove: (path) => succeeds(() => fs.unlinkSync(path)),
    // Deno throws where it may not look.
    exists: (path) => attempt(() => fs.existsSync(path)) ?? false,
    isWritable: (path) => succeeds(() => fs.accessSync(path, fs.constants.W_OK)),
    isExecutable: (path) =>
      succeeds(() => fs.accessSync(path, fs.constants.X_OK)) && !fs.statSync(path).isDirectory(),
    realPath: (path) => attempt(() => fs.realpathSync(path)),
    read: (path, offset = 0, length = 65_536) =>
      attempt(() => readBytes(path).subarray(offset, offset + length).toString("utf8")),
    readOptional,
    linkTarget: (path) => attempt(() => fs.readlinkSync(path)),
  };
}

/** A FIFO would be waited for until something writes to it. */
function readBytes(path: string) {
  const { readFileSync, statSync } = process.getBuiltinModule("node:fs");
  if (statSync(path).isFIFO()) throw new Error(`${path} is no file`);
  return readFileSync(path);
}

function readOptional(path: string): OptionalFile {
  try {
    return { kind: "text", text: readBytes(path).toString("utf8") };
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    return { kind: ["ENOENT", "ENOTDIR"].includes(code) ? "missing" : "unreadable" };
  }
}

function succeeds(act: () => void): boolean {
  return attempt(() => {
    act();
    return true;
  }) ?? false;
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

let alarm: ReturnType<typeof setTimeout> | undefined;

function setAlarm(seconds: number): void {
  clearTimeout(alarm);
  alarm = setTimeout(() => runtime.exit(1), seconds * 1_000);
  alarm.unref?.();
}

function machine(): Machine {
  const os = process.getBuiltinModule("node:os");
  return {
    hostname: os.hostname() || undefined,
    hardwareAddresses: hardwareAddresses(os.networkInterfaces()),
    uid: process.getuid?.() ?? -1,
    gid: process.getgid?.() ?? -1,
  };
}

/** Where only native code can see them, without interfaces that are down or have no IP address. */
function hardwareAddresses(interfaces: NetworkInterfaces): string[] {
  // An alias such as `eth0:1` is the interface itself.
  const names = Object.keys(interfaces).map((name) => name.replace(/:.*/, ""));
  const all = runtime.os === "linux" ? linuxHardwareAddresses(portableFiles(), names) : undefined;
  return all ??
    Object.values(interfaces).flatMap((addresses) => addresses?.slice(0, 1) ?? []).map(({ mac }) => mac);
}

function detach(
  command: readonly string[],
  directory: string,
  variables: Readonly<Record<string, string>>,
): boolean {
  const { spawn, spawnSync } = process.getBuiltinModule("node:child_process");
  const { words: [program, ...args], isStarter } = isolate(command);
  const env = { ...process.env, ...variables };
  const options = { cwd: directory, env, stdio: "ignore", windowsHide: true } as const;
  // Detached, `cmd` would show a window; and where this process ends first, the courier is never started.
  if (isStarter) return spawnSync(program, args, options).status === 0;
  const child = spawn(program, args, { ...options, detached: true });
  child.on("error", () => {});
  child.unref();
  return child.pid !== undefined;
}

/** The words that start a courier. */
export interface IsolatedCommand {
  readonly words: readonly string[];
  /** Whether the process that they start has only to start the courier, and then ends. */
  readonly isStarter: boolean;
}

/**
 * Keeps a courier from what it would inherit: on Windows the end of its parent, which Bun's detached children
 * share unless `start` has started them; elsewhere the caller's open files, as far as a shell can name them.
 */
export function isolate(
  command: readonly string[],
  { name, os }: Pick<Runtime, "name" | "os"> = runtime,
): IsolatedCommand {
  if (os !== "windows") {
    return { words: ["/bin/sh", "-c", closingScript, "sh", ...command], isStarter: false };
  }
  return name === "bun"
    ? { words: ["cmd", "/d", "/c", "start", "", "/b", ...command], isStarter: true }
    : { words: command, isStarter: false };
}

/** Runs a command as a child: its terminal is this process's, and signals sent to this process reach it. */
export async function launchChild(
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<LaunchEnd> {
  let child: number | undefined;
  const passing = signalPassing((signal) => void (child && process.kill(child, signal)), ignoredSignals());
  try {
    const { pid, ended } = withVariables(variables, () => runtime.startProgram(throughEnv(command)));
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
  const isPossible = runtime.os !== "windows" && !command[0].includes("=") &&
    portableFiles().exists(envProgram) && runtime.mayStart(envProgram);
  return isPossible ? [envProgram, "--", ...command] : command;
}

/** Passes signals sent to this process on, from its beginning to its end. */
export interface SignalPassing {
  begin(): void;
  end(): void;
}

/**
 * Makes ready to pass signals on.
 *
 * @param ignored The numbers of signals that the caller has ignored, which stay so.
 */
export function signalPassing(
  pass: (signal: NodeJS.Signals) => void,
  ignored: readonly number[],
): SignalPassing {
  const { signals } = process.getBuiltinModule("node:os").constants;
  const atTerminal = hasTerminal();
  const handlers = [...forwardedSignals, ...terminalSignals]
    .filter((signal) => !ignored.includes(signals[signal]))
    .map((signal) => {
      const isFromTerminal = atTerminal && (terminalSignals as readonly string[]).includes(signal);
      return [signal, () => isFromTerminal ? undefined : pass(signal)] as const;
    });
  return {
    begin() {
      for (const [signal, handler] of handlers) process.on(signal, handler);
    },
    end() {
      for (const [signal, handler] of handlers) process.off(signal, handler);
    },
  };
}

/** Whether this process has a controlling terminal, or may have one. */
function hasTerminal(): boolean {
  const { closeSync, openSync } = process.getBuiltinModule("node:fs");
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ENXIO";
  }
}

/** The numbers of the signals that this process ignores, where a file tells them (proc_pid_status(5)). */
function ignoredSignals(): number[] {
  const status = attempt(() => process.getBuiltinModule("node:fs").readFileSync("/proc/self/status", "utf8"));
  const set = BigInt(`0x${/^SigIgn:\s*(\w+)/m.exec(status ?? "")?.[1] ?? "0"}`);
  const { signals } = process.getBuiltinModule("node:os").constants;
  return Object.values(signals).filter((number) => set >> BigInt(number - 1) & 1n);
}

function launchFailure(error: NodeJS.ErrnoException): LaunchEnd {
  return error.code === "ENOENT"
    ? { kind: "failed", found: false, reason: "No such file or directory" }
    : { kind: "failed", found: true, reason: error.code === "EACCES" ? "Permission denied" : error.message };
}
