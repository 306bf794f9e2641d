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

const signatures = {
  alarm: { parameters: ["u32"], result: "u32" },
  access: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  closedir: { parameters: ["address"], result: "i32" },
  creat: { parameters: ["buffer", "u32"], result: "i32" },
  execvp: { parameters: ["buffer", "buffer"], result: "i32" },
  flock: { parameters: ["i32", "i32"], result: "i32" },
  freeifaddrs: { parameters: ["address"], result: "i32" },
  getgid: { parameters: [], result: "u32" },
  gethostname: { parameters: ["buffer", "address"], result: "i32" },
  getifaddrs: { parameters: ["buffer"], result: "i32" },
  getrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  getuid: { parameters: [], result: "u32" },
  isatty: { parameters: ["i32"], result: "i32" },
  memcpy: { parameters: ["buffer", "address", "address"], result: "address" },
  lseek: { parameters: ["i32", "i64", "i32"], result: "i64" },
  mkdir: { parameters: ["buffer", "u32"], result: "i32" },
  open: { parameters: ["buffer", "i32"], result: "i32" },
  opendir: { parameters: ["buffer"], result: "address" },
  posix_spawn: {
    parameters: ["buffer", "buffer", "buffer", "buffer", "buffer", "buffer"],
    result: "i32",
  },
  posix_spawn_file_actions_addopen: {
    parameters: ["buffer", "i32", "buffer", "i32", "u32"],
    result: "i32",
  },
  posix_spawn_file_actions_init: { parameters: ["buffer"], result: "i32" },
  posix_spawnp: {
    parameters: ["buffer", "buffer", "buffer", "buffer", "buffer", "buffer"],
    result: "i32",
  },
  posix_spawnattr_init: { parameters: ["buffer"], result: "i32" },
  posix_spawnattr_setflags: { parameters: ["buffer", "i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "address"], result: "i64" },
  readlink: { parameters: ["buffer", "buffer", "address"], result: "i64" },
  realpath: { parameters: ["buffer", "buffer"], result: "address" },
  rename: { parameters: ["buffer", "buffer"], result: "i32" },
  setegid: { parameters: ["u32"], result: "i32" },
  setenv: { parameters: ["buffer", "buffer", "i32"], result: "i32" },
  seteuid: { parameters: ["u32"], result: "i32" },
  setrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  signal: { parameters: ["i32", "address"], result: "address" },
  strerror: { parameters: ["i32"], result: "address" },
  strlen: { parameters: ["address"], result: "address" },
  unlink: { parameters: ["buffer"], result: "i32" },
  waitpid: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  write: { parameters: ["i32", "buffer", "address"], result: "i64" },
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
  return new TextEncoder().encode(text);
}

/** A text as C wants it: UTF-8 and a zero byte. */
export function cString(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
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
  const textLength = strings.reduce((sum, bytes) => sum + bytes.length + 1, 0);
  // One buffer of its own keeps table and texts at a fixed place, and reachable, together.
  const memory = new Uint8Array(new ArrayBuffer(tableLength + textLength));
  const table = new DataView(memory.buffer);
  const start = runtime.addressOf(memory);
  let offset = tableLength;
  strings.forEach((bytes, index) => {
    table.setBigUint64(index * 8, start + BigInt(offset), true);
    memory.set(bytes, offset);
    offset += bytes.length + 1;
  });
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
  return new TextDecoder().decode(copyMemory(libc, address, Number(libc.strlen(address))));
}

/** Reads a whole file, such as one of `/proc`, whose size is not known beforehand. */
export function readFile(libc: LibraryFunctions, path: string): Uint8Array | undefined {
  const descriptor = libc.open(cString(path), 0);
  if (descriptor < 0) return undefined;
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = new Uint8Array(65_536);
    const length = Number(libc.read(descriptor, chunk, chunk.length));
    if (length <= 0) break;
    chunks.push(chunk.subarray(0, length));
  }
  libc.close(descriptor);
  return concatenate(chunks);
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
  return read < 0 ? undefined : new TextDecoder().decode(bytes.subarray(0, read));
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
    parts.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return parts;
}
