/**
 * The functions of kernel32.dll, by their own names. Numbers of 32 bits fill a register or a place on the stack
 * of 64, of which the function reads its part.
 *
 * @module
 */

import { runtime } from "../../runtime/mod.ts";
import type { NativeFunctions, NativeSignature } from "../../runtime/runtime.ts";

const signatures = {
  AssignProcessToJobObject: { args: ["u64", "u64"], returns: "i32" },
  CloseHandle: { args: ["u64"], returns: "i32" },
  CreateFileW: { args: ["ptr", "i64", "i64", "ptr", "i64", "i64", "u64"], returns: "u64" },
  CreateJobObjectW: { args: ["ptr", "ptr"], returns: "u64" },
  CreateProcessW: {
    args: ["ptr", "ptr", "ptr", "ptr", "i64", "i64", "ptr", "ptr", "ptr", "ptr"],
    returns: "i32",
  },
  GetCommandLineW: { args: [], returns: "u64" },
  GetComputerNameExW: { args: ["i64", "ptr", "ptr"], returns: "i32" },
  GetExitCodeProcess: { args: ["u64", "ptr"], returns: "i32" },
  GetLastError: { args: [], returns: "u32" },
  GetStartupInfoW: { args: ["ptr"], returns: "i32" },
  GetStdHandle: { args: ["i64"], returns: "u64" },
  RtlMoveMemory: { args: ["ptr", "u64", "u64"], returns: "i32" },
  SetEnvironmentVariableW: { args: ["ptr", "ptr"], returns: "i32" },
  SetHandleInformation: { args: ["u64", "i64", "i64"], returns: "i32" },
  SetInformationJobObject: { args: ["u64", "i64", "ptr", "i64"], returns: "i32" },
  WaitForSingleObject: { args: ["u64", "i64"], returns: "u32" },
  lstrlenW: { args: ["u64"], returns: "i32" },
} as const satisfies Record<string, NativeSignature>;

/** The functions of kernel32.dll that are used here. */
export type Kernel = NativeFunctions<typeof signatures>;

/** The errors of Windows (winerror.h) that something is made of here. */
export const errors = {
  ERROR_FILE_NOT_FOUND: 2,
  ERROR_PATH_NOT_FOUND: 3,
  ERROR_ACCESS_DENIED: 5,
  ERROR_SHARING_VIOLATION: 32,
  ERROR_BAD_EXE_FORMAT: 193,
  ERROR_FILENAME_EXCED_RANGE: 206,
  ERROR_ELEVATION_REQUIRED: 740,
};

/** What a function returns instead of a file's handle (handleapi.h). */
export const INVALID_HANDLE_VALUE = 0xFFFF_FFFF_FFFF_FFFFn;

/** Opens kernel32.dll; `undefined` if native code may not be called. */
export function openKernel(): Kernel | undefined {
  return runtime.openLibrary("kernel32.dll", signatures);
}

/** A text as Windows takes it: UTF-16 and a zero. */
export function wideString(text: string): Uint8Array {
  const units = new Uint16Array(text.length + 1);
  // An iterator would take both halves of a pair for one.
  for (let index = 0; index < text.length; index++) units[index] = text.charCodeAt(index);
  return new Uint8Array(units.buffer);
}

/** Copies memory that is not of JavaScript. */
export function copyMemory(kernel: Kernel, address: bigint, length: number): Uint8Array {
  const copy = new Uint8Array(length);
  kernel.RtlMoveMemory(copy, address, length);
  return copy;
}

/** Reads UTF-16, half pairs included. */
export function readWide(bytes: Uint8Array): string {
  const fields = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let text = "";
  for (let at = 0; at + 1 < bytes.length; at += 2) text += String.fromCharCode(fields.getUint16(at, true));
  return text;
}
