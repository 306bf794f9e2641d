/**
 * What Linux knows of this process's group, session and terminal.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import type { NativeFunctions, NativeSignature } from "../runtime/runtime.ts";
import { type LibraryFunctions, readText } from "./libc.ts";

/** On Linux variable arguments travel as fixed ones do. */
export const processSignatures = {
  getppid: { args: [], returns: "i32" },
  syscall: { args: ["i64", "i64", "ptr", "i64", "i64", "ptr"], returns: "i64" },
} as const satisfies Record<string, NativeSignature>;

/** The C library with what is called here. */
export type ProcessLibc = LibraryFunctions & NativeFunctions<typeof processSignatures>;

const getpgid = runtime.architecture === "arm64" ? 155 : 121;

/** See `System.isOwnJob`. */
export function isOwnJob(libc: ProcessLibc): boolean | undefined {
  const parent = libc.getppid();
  // It was started from outside of this container.
  if (parent === 0) return undefined;
  return processGroup(libc, parent) !== processGroup(libc, 0);
}

function processGroup(libc: ProcessLibc, process: number): bigint {
  return libc.syscall(getpgid, process, null, 0, 0, null);
}

/** See `System.terminalSession`. */
export function terminalSession(libc: ProcessLibc): string | undefined {
  const boot = readText(libc, "/proc/sys/kernel/random/boot_id")?.trim();
  const [, , , session, terminal] = statusFields(libc, "self");
  if (boot === undefined || !terminal || terminal === "0") return undefined;
  const startTime = statusFields(libc, session)[startTimeField];
  return startTime === undefined ? undefined : [boot, session, startTime].join("|");
}

// Counted from the field behind the executable's name.
const startTimeField = 19;

/** The fields of `/proc/<pid>/stat` (proc_pid_stat(5)) behind the executable's name, which may have spaces. */
function statusFields(libc: ProcessLibc, process: string): string[] {
  const text = readText(libc, `/proc/${process}/stat`) ?? "";
  return text.slice(text.lastIndexOf(")") + 1).trim().split(" ");
}
