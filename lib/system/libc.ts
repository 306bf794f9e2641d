/**
 * The C library by foreign function interface: what POSIX asks for and neither runtime offers.
 *
 * Only functions with fixed parameters are used: on Apple silicon the C calling convention passes
 * variable ones (as in `open` with a mode, or `fcntl`) in another way, which no interface here knows.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import type { NativeFunctions, NativeSignature } from "../runtime/runtime.ts";

const encoder = new TextEncoder();

const signatures = {
  alarm: { args: ["i64"], returns: "u32" },
  access: { args: ["ptr", "i64"], returns: "i32" },
  close: { args: ["i64"], returns: "i32" },
  creat: { args: ["ptr", "i64"], returns: "i32" },
  execvp: { args: ["ptr", "ptr"], returns: "i32" },
  flock: { args: ["i64", "i64"], returns: "i32" },
  getgid: { args: [], returns: "u32" },
  gethostname: { args: ["ptr", "u64"], returns: "i32" },
  getrlimit: { args: ["i64", "ptr"], returns: "i32" },
  getuid: { args: [], returns: "u32" },
  isatty: { args: ["i64"], returns: "i32" },
  memcpy: { args: ["ptr", "u64", "u64"], returns: "u64" },
  lseek: { args: ["i64", "i64", "i64"], returns: "i64" },
  mkdir: { args: ["ptr", "i64"], returns: "i32" },
  open: { args: ["ptr", "i64"], returns: "i32" },
  posix_spawn: {
    args: ["ptr", "ptr", "ptr", "ptr", "ptr", "ptr"],
    returns: "i32",
  },
  posix_spawn_file_actions_addopen: {
    args: ["ptr", "i64", "ptr", "i64", "i64"],
    returns: "i32",
  },
  posix_spawn_file_actions_init: { args: ["ptr"], returns: "i32" },
  posix_spawnp: {
    args: ["ptr", "ptr", "ptr", "ptr", "ptr", "ptr"],
    returns: "i32",
  },
  posix_spawnattr_init: { args: ["ptr"], returns: "i32" },
  posix_spawnattr_setflags: { args: ["ptr", "i64"], returns: "i32" },
  read: { args: ["i64", "ptr", "u64"], returns: "i64" },
  readlink: { args: ["ptr", "ptr", "u64"], returns: "i64" },
  realpath: { args: ["ptr", "ptr"], returns: "u64" },
  rename: { args: ["ptr", "ptr"], returns: "i32" },
  rmdir: { args: ["ptr"], returns: "i32" },
  setegid: { args: ["i64"], returns: "i32" },
  setenv: { args: ["ptr", "ptr", "i64"], returns: "i32" },
  seteuid: { args: ["i64"], returns: "i32" },
  setrlimit: { args: ["i64", "ptr"], returns: "i32" },
  signal: { args: ["i64", "u64"], returns: "u64" },
  strerror: { args: ["i64"], returns: "u64" },
  strlen: { args: ["u64"], returns: "u64" },
  unlink: { args: ["ptr"], returns: "i32" },
  waitpid: { args: ["i64", "ptr", "i64"], returns: "i32" },
  write: { args: ["i64", "ptr", "u64"], returns: "i64" },
} as const satisfies Record<string, NativeSignature>;

/** The functions of the C library that are used here, under their own names. */
export type LibraryFunctions = NativeFunctions<typeof signatures>;

/** Opens the C library under the first of these names that is there, with further functions of one system. */
export function openLibc<More extends Record<string, NativeSignature>>(
  files: readonly string[],
  more: More,
): (LibraryFunctions & NativeFunctions<More>) | undefined {
  for (const file of files) {
    const libc = runtime.openLibrary(file, { ...signatures, ...more });
    if (libc) return libc as LibraryFunctions & NativeFunctions<More>;
  }
  return undefined;
}

/** A text as UTF-8. */
export function encode(text: string): Uint8Array {
  return encoder.encode(text);
}

/** A text as C wants it: UTF-8 and a zero byte. */
export function cString(text: string): Uint8Array {
  return encoder.encode(`${text}\0`);
}

/** Bytes as C wants them: with a zero byte at their end. */
export function zeroTerminated(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.length + 1);
  copy.set(bytes);
  return copy;
}

/** Strings as `argv` and `environ` hold them: a table of pointers that ends with a null pointer. */
export function cStringTable(strings: readonly Uint8Array[]): Uint8Array {
  const tableLength = (strings.length + 1) * 8;
  let textLength = 0;
  for (const { length } of strings) textLength += length + 1;
  // One buffer of its own keeps table and texts at a fixed place, and reachable, together.
  const memory = new Uint8Array(new ArrayBuffer(tableLength + textLength));
  const table = new DataView(memory.buffer);
  const start = runtime.addressOf(memory);
  let offset = tableLength;
  // Not by an iterator or a function: called for each variable, Bun would compile it, which starts two threads.
  for (let index = 0; index < strings.length; index++) {
    table.setBigUint64(index * 8, start + BigInt(offset), true);
    memory.set(strings[index], offset);
    offset += strings[index].length + 1;
  }
  return memory;
}

/** Copies memory that native code owns. */
export function copyMemory(libc: LibraryFunctions, address: bigint, length: number): Uint8Array {
  const copy = new Uint8Array(length);
  libc.memcpy(copy, address, length);
  return copy;
}

/** Copies a string that native code owns. */
export function copyString(libc: LibraryFunctions, address: bigint): string {
  return runtime.decode(copyMemory(libc, address, Number(libc.strlen(address))));
}

// 16 MiB: no file that is read whole is so long, nor an environment or a command line.
const mostChunks = 256;

/** Reads a whole file, such as one of `/proc`, whose size is not known beforehand. */
export function readFile(libc: LibraryFunctions, path: string, flags = 0): Uint8Array | undefined {
  const descriptor = libc.open(cString(path), flags);
  if (descriptor < 0) return undefined;
  const chunks: Uint8Array[] = [];
  let length = 0;
  do {
    const chunk = new Uint8Array(65_536);
    length = Number(libc.read(descriptor, chunk, chunk.length));
    chunks.push(chunk.subarray(0, Math.max(0, length)));
    // A link to a device such as /dev/zero never ends.
  } while (length > 0 && chunks.length < mostChunks);
  libc.close(descriptor);
  return length < 0 || chunks.length === mostChunks ? undefined : concatenate(chunks);
}

/** Reads a whole file as text. */
export function readWholeText(libc: LibraryFunctions, path: string, flags: number): string | undefined {
  const bytes = readFile(libc, path, flags);
  return bytes && runtime.decode(bytes);
}

const SEEK_SET = 0;

/** Reads at most that many bytes of a file, from an offset on, as text. */
export function readText(
  libc: LibraryFunctions,
  path: string,
  { flags = 0, offset = 0, length = 65_536 } = {},
): string | undefined {
  const descriptor = libc.open(cString(path), flags);
  if (descriptor < 0) return undefined;
  const bytes = new Uint8Array(length);
  if (offset > 0) libc.lseek(descriptor, offset, SEEK_SET);
  const read = Number(libc.read(descriptor, bytes, length));
  libc.close(descriptor);
  return read < 0 ? undefined : runtime.decode(bytes.subarray(0, read));
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/** Splits bytes such as those of `/proc/self/environ` at their zero bytes. */
export function splitAtZero(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, start)) {
    // Not by `subarray`, which in Bun is a function that would be called often enough to be compiled.
    parts.push(new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start));
    start = end + 1;
  }
  return parts;
}
