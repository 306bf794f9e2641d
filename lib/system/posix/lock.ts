import { cString } from "../libc.ts";
import type { Lock } from "../system.ts";
import { folderOf } from "../files.ts";
import { asOwnerOf } from "./files.ts";
import { lastError, type PosixPlatform } from "./platform.ts";

const LOCK_EX_NB = 2 | 4;
const O_RDWR = 2;
// On Linux and on macOS; flock(2) fails with neither for another reason.
const EWOULDBLOCK = [11, 35];

/** Takes a lock by flock(2), which ends with the process. */
export function lock(platform: PosixPlatform, path: string): Lock | "taken" | undefined {
  const { libc } = platform;
  const descriptor = openLockFile(platform, path);
  if (descriptor < 0) return undefined;
  if (libc.flock(descriptor, LOCK_EX_NB) === 0) return { release: () => void libc.close(descriptor) };
  // Some network file systems have no locks.
  const isTaken = EWOULDBLOCK.includes(lastError(platform));
  libc.close(descriptor);
  return isTaken ? "taken" : undefined;
}

function openLockFile({ libc, closeOnExecFlag }: PosixPlatform, path: string): number {
  const name = cString(path);
  const open = () => libc.open(name, O_RDWR | closeOnExecFlag);
  // `creat` cannot keep the descriptor from other programs, which must not keep the lock.
  // One of root's, by sudo in a user's home, would hide root's courier from the user's.
  const create = () => asOwnerOf(libc, folderOf(path), () => libc.close(libc.creat(name, 0o600)) === 0);
  const descriptor = open();
  if (descriptor >= 0) return descriptor;
  // One that another user left here all the same cannot be opened but can be replaced.
  if (!create() && libc.unlink(name) === 0) create();
  return open();
}
