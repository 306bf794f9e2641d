/**
 * Whose a file is and who may write it: a file for everyone on a machine is only trusted if nobody but its
 * administrator could have written it.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import { cString } from "./libc.ts";
import type { ProcessLibc } from "./linux_process.ts";

/** Whose a file is. */
export interface FileOwner {
  readonly uid: number;
  /** Type and permissions, as in `st_mode` (inode(7)). */
  readonly mode: number;
}

/** Whose a file is; `unknown` if the system cannot tell or this process may not look. */
export type Ownership = FileOwner | "missing" | "unknown";

const statx = runtime.architecture === "arm64" ? 291 : 332;
const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const STATX_TYPE_MODE_UID = 0x1 | 0x2 | 0x8;
const ENOENT = 2;
const ENOTDIR = 20;
const statusLength = 256;
// Places in `struct statx` (statx(2)).
const uidOffset = 20;
const modeOffset = 28;

/** Looks at a file, not through a link, by one system call. */
export function linuxOwnership(libc: ProcessLibc, path: string, lastError: () => number): Ownership {
  const status = new Uint8Array(statusLength);
  const result = libc.syscall(
    ...[statx, AT_FDCWD, cString(path), AT_SYMLINK_NOFOLLOW, STATX_TYPE_MODE_UID, status],
  );
  if (Number(result) !== 0) return isMissing(lastError()) ? "missing" : portableOwnership(path);
  const fields = new DataView(status.buffer);
  return { uid: fields.getUint32(uidOffset, true), mode: fields.getUint16(modeOffset, true) };
}

function isMissing(error: number): boolean {
  return error === ENOENT || error === ENOTDIR;
}

/** Looks at a file, not through a link. Windows has owners of another kind, which cannot be told this way. */
export function portableOwnership(path: string): Ownership {
  try {
    const { uid, mode } = process.getBuiltinModule("node:fs").lstatSync(path);
    return runtime.os === "windows" ? "unknown" : { uid, mode };
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    return ["ENOENT", "ENOTDIR"].includes(code) ? "missing" : "unknown";
  }
}
