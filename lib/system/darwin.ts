/**
 * macOS. Written from Apple's manual pages and headers; no test of this project has run it yet.
 *
 * @module
 */

import type { NativeFunctions, NativeSignature } from "../runtime/runtime.ts";
import { copyMemory, type LibraryFunctions, openLibc } from "./libc.ts";
import { hexPairs } from "../runtime/hash.ts";
import { portableOwnership } from "./ownership.ts";
import type { PosixPlatform } from "./posix/platform.ts";

const libcFiles = ["/usr/lib/libSystem.B.dylib"];

const signatures = {
  __error: { args: [], returns: "u64" },
  _NSGetEnviron: { args: [], returns: "u64" },
  dup: { args: ["i64"], returns: "i32" },
  dup2: { args: ["i64", "i64"], returns: "i32" },
  freeifaddrs: { args: ["u64"], returns: "i32" },
  gethostuuid: { args: ["ptr", "ptr"], returns: "i32" },
  getpgid: { args: ["i64"], returns: "i32" },
  getppid: { args: [], returns: "i32" },
  getifaddrs: { args: ["ptr"], returns: "i32" },
  getpid: { args: [], returns: "i32" },
  proc_pidinfo: { args: ["i64", "i64", "i64", "ptr", "i64"], returns: "i32" },
} as const satisfies Record<string, NativeSignature>;

type DarwinLibc = LibraryFunctions & NativeFunctions<typeof signatures>;

const O_CLOEXEC = 0x0100_0000;
const O_NONBLOCK = 0x4;
const POSIX_SPAWN_SETSID = 0x0400;
const POSIX_SPAWN_CLOEXEC_DEFAULT = 0x4000;
const RLIMIT_NOFILE = 8;
const AF_LINK = 18;
const PROC_PIDLISTFDS = 1;
const PROX_FDTYPE_KQUEUE = 5;
const descriptorInfoLength = 8;

/** macOS, where the C library may be opened. */
export function darwinPlatform(): PosixPlatform | undefined {
  const libc = openLibc(libcFiles, signatures);
  if (!libc) return undefined;
  return {
    libc,
    errnoAddress: libc.__error(),
    closeOnExecFlag: O_CLOEXEC,
    nonBlockingFlag: O_NONBLOCK,
    // The second flag closes every descriptor but those of the file actions, so none need be withheld.
    spawnFlags: POSIX_SPAWN_SETSID | POSIX_SPAWN_CLOEXEC_DEFAULT,
    fileLimit: RLIMIT_NOFILE,
    hardwareAddresses: () => hardwareAddresses(libc),
    isOwnJob: () => libc.getpgid(libc.getppid()) !== libc.getpgid(0),
    terminalSession: () => undefined,
    ownership: portableOwnership,
    machineID: () => machineID(libc),
    environment: () => environment(libc),
    rawArguments: () => undefined,
    callerFileLimit: () => undefined,
    ignoredSignals: () => [],
    ignoredByCaller: () => [],
    withholdDescriptors: () => () => {},
    passDescriptors: () => passDescriptors(libc),
  };
}

/** Walks `struct ifaddrs` (getifaddrs(3)): next at 0, the socket address's pointer at 24. */
function hardwareAddresses(libc: DarwinLibc): Uint8Array[] {
  const first = new Uint8Array(8);
  if (libc.getifaddrs(first) !== 0) return [];
  const head = new DataView(first.buffer).getBigUint64(0, true);
  const addresses: Uint8Array[] = [];
  for (let entry = head; entry !== 0n; entry = readAddress(libc, entry)) {
    const socketAddress = readAddress(libc, entry + 24n);
    const address = socketAddress === 0n ? undefined : hardwareAddress(libc, socketAddress);
    if (address) addresses.push(address);
  }
  libc.freeifaddrs(head);
  return addresses;
}

/** Reads `struct sockaddr_dl` (net/if_dl.h): family at 1, name and address lengths at 5 and 6, both in the data at 8. */
function hardwareAddress(libc: DarwinLibc, socketAddress: bigint): Uint8Array | undefined {
  const header = copyMemory(libc, socketAddress, 8);
  if (header[1] !== AF_LINK) return undefined;
  return copyMemory(libc, socketAddress + 8n + BigInt(header[5]), header[6]);
}

/** Asks for the host's UUID (gethostuuid(2)), which is IOPlatformUUID; the second parameter is the time to wait for it. */
function machineID(libc: DarwinLibc): string | undefined {
  const id = new Uint8Array(16);
  if (libc.gethostuuid(id, new Uint8Array(16)) !== 0) return undefined;
  return hexPairs(id).join("");
}

function environment(libc: DarwinLibc): Uint8Array[] {
  const table = readAddress(libc, libc._NSGetEnviron());
  const strings: Uint8Array[] = [];
  for (let entry = table;; entry += 8n) {
    const address = readAddress(libc, entry);
    if (address === 0n) return strings;
    strings.push(copyMemory(libc, address, Number(libc.strlen(address))));
  }
}

function readAddress(libc: DarwinLibc, address: bigint): bigint {
  return new DataView(copyMemory(libc, address, 8).buffer).getBigUint64(0, true);
}

/** Lists `struct proc_fdinfo` (sys/proc_info.h): descriptor at 0, type at 4. */
function passDescriptors(libc: DarwinLibc): void {
  const list = new Uint8Array(descriptorInfoLength * 4096);
  const length = libc.proc_pidinfo(libc.getpid(), PROC_PIDLISTFDS, 0, list, list.length);
  const fields = new DataView(list.buffer);
  for (let offset = 0; offset < length; offset += descriptorInfoLength) {
    const descriptor = fields.getInt32(offset, true);
    const isOfRuntime = fields.getUint32(offset + 4, true) === PROX_FDTYPE_KQUEUE;
    if (descriptor > 2 && !isOfRuntime) clearCloseOnExec(libc, descriptor);
  }
}

/** `dup2` clears the mark of its target (dup2(2)) and, unlike `fcntl`, has no variable argument. */
function clearCloseOnExec(libc: DarwinLibc, descriptor: number): void {
  const copy = libc.dup(descriptor);
  if (copy < 0) return;
  libc.dup2(copy, descriptor);
  libc.close(copy);
}
