/**
 * Processes of Windows by native code: with the environment and the handles that this process was given, and with
 * any command line and exit status.
 *
 * @module
 */

import { copyMemory, errors, type Kernel, wideString } from "./kernel.ts";

const HANDLE_FLAG_INHERIT = 1;
const WAIT_OBJECT_0 = 0;
const INFINITE = 0xFFFF_FFFF;
// STD_INPUT_HANDLE, STD_OUTPUT_HANDLE and STD_ERROR_HANDLE.
const standardHandles = [-10, -11, -12];

const startupInfoLength = 104;
const processInformationLength = 24;

/** How to start a process. */
export interface ProcessStart {
  /** The file; without it, Windows looks for the first word of the command line. */
  readonly file: string | undefined;
  readonly commandLine: string;
  /** If it is not this process's. */
  readonly directory?: string;
  /**
   * Whether it gets this process's standard streams and all other handles that may be inherited, and ends when this
   * process does.
   */
  readonly isForeground: boolean;
  /** Process creation flags (winbase.h). */
  readonly flags: number;
}

/** A process that runs or has ended. */
export interface Process {
  /** The exit status, 32 bits without a sign; `undefined` while it runs. */
  status(): number | undefined;
  /** Waits for its end, and stops this thread until then. */
  wait(): number;
  /** Closes the handles; a process in the foreground has to have ended. */
  close(): void;
}

/** Starts a process. Returns Windows' error number if it cannot be started. */
export function startProcess(kernel: Kernel, start: ProcessStart): Process | number {
  const information = new Uint8Array(processInformationLength);
  const isStarted = kernel.CreateProcessW(
    start.file === undefined ? null : wideString(start.file),
    wideString(start.commandLine),
    null,
    null,
    start.isForeground ? 1 : 0,
    start.flags,
    // This process's own, as it is: a copy would be without the variables whose names begin with `=`.
    null,
    start.directory === undefined ? null : wideString(start.directory),
    start.isForeground ? inheritedStartup(kernel) : plainStartup(),
    information,
  );
  if (isStarted === 0) return kernel.GetLastError() || errors.ERROR_FILE_NOT_FOUND;
  const fields = new DataView(information.buffer);
  kernel.CloseHandle(fields.getBigUint64(8, true));
  const handle = fields.getBigUint64(0, true);
  return processOf(kernel, handle, start.isForeground ? bindToThisProcess(kernel, handle) : 0n);
}

/**
 * The `STARTUPINFOW` that this process was started with: its streams, its window, and the descriptors of the C
 * runtime. The runtimes keep the handles in it from being inherited, so that is undone.
 */
function inheritedStartup(kernel: Kernel): Uint8Array {
  const info = new Uint8Array(startupInfoLength);
  kernel.GetStartupInfoW(info);
  const fields = new DataView(info.buffer);
  // `lpReserved` belongs to Windows and has to be empty.
  fields.setBigUint64(8, 0n, true);
  const descriptors = copyMemory(kernel, fields.getBigUint64(72, true), fields.getUint16(66, true));
  const handles = [...standardHandles.map((name) => kernel.GetStdHandle(name)), ...readHandles(descriptors)];
  for (const handle of handles) kernel.SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
  return info;
}

/** Reads the block by which C runtimes hand descriptors on: a count, a byte of flags for each, a handle for each. */
function readHandles(block: Uint8Array): bigint[] {
  if (block.length < 4) return [];
  const fields = new DataView(block.buffer);
  const count = fields.getUint32(0, true);
  if (block.length < 4 + count * 9) return [];
  return Array.from({ length: count }, (_, index) => fields.getBigUint64(4 + count + index * 8, true));
}

function plainStartup(): Uint8Array {
  const info = new Uint8Array(startupInfoLength);
  new DataView(info.buffer).setUint32(0, startupInfoLength, true);
  return info;
}

function processOf(kernel: Kernel, handle: bigint, job: bigint): Process {
  const exitStatus = () => {
    const status = new Uint8Array(4);
    kernel.GetExitCodeProcess(handle, status);
    return new DataView(status.buffer).getUint32(0, true);
  };
  return {
    status: () => kernel.WaitForSingleObject(handle, 0) === WAIT_OBJECT_0 ? exitStatus() : undefined,
    wait() {
      kernel.WaitForSingleObject(handle, INFINITE);
      return exitStatus();
    },
    close() {
      for (const each of [handle, job]) if (each !== 0n) kernel.CloseHandle(each);
    },
  };
}

const JobObjectExtendedLimitInformation = 9;
const limitInformationLength = 144;
const JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK = 0x1000;
const JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE = 0x2000;

/**
 * Ends a process when this one ends, however that dies: whoever kills the wrapper means the command. What the
 * process starts itself is not in the job, as it would not be without a wrapper.
 *
 * @returns The job's handle, which Windows closes with this process; 0 if there is none.
 */
function bindToThisProcess(kernel: Kernel, handle: bigint): bigint {
  const job = kernel.CreateJobObjectW(null, null);
  if (job === 0n) return job;
  const limits = new Uint8Array(limitInformationLength);
  const flags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK;
  new DataView(limits.buffer).setUint32(16, flags, true);
  kernel.SetInformationJobObject(job, JobObjectExtendedLimitInformation, limits, limits.length);
  kernel.AssignProcessToJobObject(job, handle);
  return job;
}

/** Sets variables of this process, which what it starts inherits, while something is done. */
export function withVariables<T>(
  kernel: Kernel,
  variables: Readonly<Record<string, string>>,
  act: () => T,
): T {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  const set = (name: string, value: string | undefined) =>
    kernel.SetEnvironmentVariableW(wideString(name), value === undefined ? null : wideString(value));
  for (const [name, value] of Object.entries(variables)) set(name, value);
  try {
    return act();
  } finally {
    for (const [name, value] of before) set(name, value);
  }
}
