/**
 * Linux and macOS: what both do alike, by the C library.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import {
  copyMemory,
  copyString,
  cString,
  cStringTable,
  type LibraryFunctions,
  readText,
  zeroTerminated,
} from "./libc.ts";
import type { Files, LaunchEnd, Lock, Machine, System } from "./system.ts";

/** Where Linux and macOS differ. */
export interface PosixPlatform {
  readonly libc: LibraryFunctions;
  /** Where the C library keeps `errno` for this thread. */
  readonly errnoAddress: bigint;
  /** The flag of `open` that keeps a descriptor from other programs. */
  readonly closeOnExecFlag: number;
  /** The flags of `posix_spawn` that give the new process a session of its own. */
  readonly spawnFlags: number;
  /** The number of RLIMIT_NOFILE. */
  readonly fileLimit: number;
  /** The hardware address in a socket address of the system's link-layer family, if it is one. */
  hardwareAddress(socketAddress: bigint): Uint8Array | undefined;
  /** See `System.machineID`. */
  machineID(): string | undefined;
  /** The environment that this process was started with, as it was. */
  environment(): Uint8Array[] | undefined;
  /** The arguments that this process was started with, as they were. */
  rawArguments(): Uint8Array[] | undefined;
  /** The soft limit of open files that the caller has, if it can be known. */
  callerFileLimit(): bigint | undefined;
  /** The signals that this process was started to ignore and that the runtime has changed since, if it can be known. */
  ignoredByCaller(): number[];
  /** Keeps the inherited descriptors from a process that is started next; returns the undoing. */
  withholdDescriptors(): () => void;
  /** Undoes a close-on-exec mark that the runtime put on the inherited descriptors. */
  passDescriptors(): void;
}

const ENOENT = 2;
const LOCK_EX_NB = 2 | 4;
const O_RDWR = 2;
const READABLE_FILE = 0;
const EXECUTABLE_FILE = 1;
const WRITABLE_FILE = 2;
const SIG_DFL = 0;
const SIG_IGN = 1;
const WNOHANG = 1;
const signalNumbers = { SIGPIPE: 13, SIGXFSZ: 25 };

// Where Bun stops raising the limit of open files, whatever the hard limit is.
const raisedFileLimit = 1n << 20n;

// The greatest of these opaque structures (posix_spawnattr_t of glibc) takes 336 bytes.
const opaqueLength = 512;
const hostnameLength = 256;
const pathLength = 4096;
const lookEvery = 50;

// The shell leaves its child to the init process and ends; the child has the marker, this process never does.
const detachScript = 'cd "$1" || exit; shift; exec "$@" &';

/** The system of a POSIX platform. */
export function posixSystem(platform: PosixPlatform): System {
  return {
    files: posixFiles(platform.libc),
    pathSeparator: ":",
    executableEndings: [""],
    machine: () => machine(platform),
    machineID: () => platform.machineID(),
    lock: (path) => lock(platform, path),
    detach: (command, directory, variables) => detach(platform, command, directory, variables),
    launch: (command, variables) => Promise.resolve(replaceProcess(platform, command, variables)),
    launchChild: (command, variables) => launchChild(platform, command, variables),
  };
}

function posixFiles(libc: LibraryFunctions): Files {
  return {
    create(path, text) {
      const descriptor = libc.creat(cString(path), 0o600);
      if (descriptor < 0) return false;
      const written = writeWithinLimit(libc, descriptor, new TextEncoder().encode(text));
      const closed = libc.close(descriptor);
      return written && closed === 0;
    },
    rename: (from, to) => libc.rename(cString(from), cString(to)) === 0,
    makeDirectory: (path) => libc.mkdir(cString(path), 0o700) === 0,
    remove: (path) => libc.unlink(cString(path)) === 0,
    exists: (path) => libc.access(cString(path), READABLE_FILE) === 0,
    read: (path, offset, length) => readText(libc, path, offset, length),
    isExecutable(path) {
      const isDirectory = libc.access(cString(`${path}/.`), READABLE_FILE) === 0;
      return !isDirectory && libc.access(cString(path), EXECUTABLE_FILE) === 0;
    },
    realPath(path) {
      const resolved = new Uint8Array(pathLength);
      if (libc.realpath(cString(path), resolved) === 0n) return undefined;
      return new TextDecoder().decode(resolved.subarray(0, resolved.indexOf(0)));
    },
    linkTarget(path) {
      const target = new Uint8Array(pathLength);
      const length = Number(libc.readlink(cString(path), target, target.length));
      return length < 0 ? undefined : new TextDecoder().decode(target.subarray(0, length));
    },
    isWritable: (path) => libc.access(cString(path), WRITABLE_FILE) === 0,
  };
}

/** Beyond the limit of file sizes a write fails, as it should, but also sends a signal that ends the process. */
function writeWithinLimit(libc: LibraryFunctions, descriptor: number, bytes: Uint8Array): boolean {
  const handler = libc.signal(signalNumbers.SIGXFSZ, SIG_IGN);
  const written = libc.write(descriptor, bytes, bytes.length);
  libc.signal(signalNumbers.SIGXFSZ, handler);
  return written === BigInt(bytes.length);
}

function machine(platform: PosixPlatform): Machine {
  const { libc } = platform;
  return {
    hostname: hostname(libc),
    hardwareAddresses: hardwareAddresses(platform),
    uid: libc.getuid(),
    gid: libc.getgid(),
  };
}

function hostname(libc: LibraryFunctions): string | undefined {
  const name = new Uint8Array(hostnameLength);
  if (libc.gethostname(name, name.length) !== 0) return undefined;
  return new TextDecoder().decode(name.subarray(0, name.indexOf(0)));
}

/** Walks `struct ifaddrs` (getifaddrs(3)): next at 0, the socket address's pointer at 24 on 64-bit systems. */
function hardwareAddresses(platform: PosixPlatform): string[] {
  const { libc } = platform;
  const first = new Uint8Array(8);
  if (libc.getifaddrs(first) !== 0) return [];
  const head = new DataView(first.buffer).getBigUint64(0, true);
  const addresses: string[] = [];
  for (let entry = head; entry !== 0n;) {
    const fields = new DataView(copyMemory(libc, entry, 32).buffer);
    const socketAddress = fields.getBigUint64(24, true);
    const bytes = socketAddress === 0n ? undefined : platform.hardwareAddress(socketAddress);
    if (bytes) addresses.push(hexPairs(bytes));
    entry = fields.getBigUint64(0, true);
  }
  libc.freeifaddrs(head);
  return addresses;
}

/** Writes a hardware address as Go's `net.HardwareAddr` does. */
export function hexPairs(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}

function lock(platform: PosixPlatform, path: string): Lock | undefined {
  const { libc } = platform;
  const name = cString(path);
  const descriptor = openLockFile(platform, name);
  if (descriptor < 0) return undefined;
  if (libc.flock(descriptor, LOCK_EX_NB) !== 0) {
    libc.close(descriptor);
    return undefined;
  }
  return { release: () => void libc.close(descriptor) };
}

function openLockFile({ libc, closeOnExecFlag }: PosixPlatform, name: Uint8Array): number {
  const open = () => libc.open(name, O_RDWR | closeOnExecFlag);
  // `creat` cannot keep the descriptor from other programs, which must not keep the lock.
  const create = () => libc.close(libc.creat(name, 0o600));
  const descriptor = open();
  if (descriptor >= 0) return descriptor;
  // One that root left in this home, by sudo, cannot be opened but can be replaced.
  if (create() !== 0 && libc.unlink(name) === 0) create();
  return open();
}

function detach(
  platform: PosixPlatform,
  command: readonly string[],
  directory: string,
  variables: Readonly<Record<string, string>>,
): boolean {
  const { libc } = platform;
  const environment = platform.environment();
  if (!environment) return false;
  const additions = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const shell = ["sh", "-c", detachScript, "sh", directory, ...command];
  const process = new Uint8Array(4);
  const passDescriptors = platform.withholdDescriptors();
  const error = libc.posix_spawn(
    process,
    cString("/bin/sh"),
    nullDeviceActions(libc),
    sessionAttributes(platform),
    cStringTable(shell.map(encode)),
    cStringTable([...additions.map(encode), ...environment]),
  );
  passDescriptors();
  if (error !== 0) return false;
  libc.waitpid(new DataView(process.buffer).getInt32(0, true), null, 0);
  return true;
}

function nullDeviceActions(libc: LibraryFunctions): Uint8Array {
  const actions = new Uint8Array(opaqueLength);
  libc.posix_spawn_file_actions_init(actions);
  for (const descriptor of [0, 1, 2]) {
    libc.posix_spawn_file_actions_addopen(actions, descriptor, cString("/dev/null"), O_RDWR, 0);
  }
  return actions;
}

function sessionAttributes(platform: PosixPlatform): Uint8Array {
  const attributes = new Uint8Array(opaqueLength);
  platform.libc.posix_spawnattr_init(attributes);
  platform.libc.posix_spawnattr_setflags(attributes, platform.spawnFlags);
  return attributes;
}

/** Makes this process the command; returns only where that fails. */
function replaceProcess(
  platform: PosixPlatform,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
): LaunchEnd {
  const { libc } = platform;
  const words = argumentBytes(platform, command);
  const argumentTable = cStringTable(words);
  for (const [name, value] of Object.entries(variables)) libc.setenv(cString(name), cString(value), 1);
  undoTraces(platform);
  libc.execvp(zeroTerminated(words[0]), argumentTable);
  return failure(libc, new DataView(copyMemory(libc, platform.errnoAddress, 4).buffer).getInt32(0, true));
}

function undoTraces(platform: PosixPlatform): void {
  restoreSignals(platform);
  if (runtime.traces.raisesFileLimit) lowerFileLimit(platform);
  if (runtime.traces.marksDescriptors) platform.passDescriptors();
}

function failure(libc: LibraryFunctions, error: number): LaunchEnd {
  return { kind: "failed", found: error !== ENOENT, reason: copyString(libc, libc.strerror(error)) };
}

/** Starts the command as `execvp` would, so that it inherits what it would have had without a wrapper. */
async function launchChild(
  platform: PosixPlatform,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<LaunchEnd> {
  const { libc } = platform;
  const additions = Object.entries(variables).map(([name, value]) => encode(`${name}=${value}`));
  const environment = [...additions, ...platform.environment() ?? []];
  const argumentTable = cStringTable(argumentBytes(platform, command));
  const processNumber = new Uint8Array(4);
  const childNumber = () => new DataView(processNumber.buffer).getInt32(0, true);
  const { passSignals } = await import("./portable.ts");
  const stopPassing = passSignals((signal) =>
    void (childNumber() > 0 && process.kill(childNumber(), signal))
  );
  try {
    undoTraces(platform);
    const table = cStringTable(environment);
    const error = libc.posix_spawnp(processNumber, cString(command[0]), null, null, argumentTable, table);
    return error === 0 ? await endOf(libc, childNumber()) : failure(libc, error);
  } finally {
    stopPassing();
  }
}

/** Looks whenever a child has changed, and now and then, since a runtime may keep that signal to itself. */
async function endOf(libc: LibraryFunctions, child: number): Promise<LaunchEnd> {
  const status = new Uint8Array(4);
  let wake = () => {};
  const onChange = () => wake();
  process.on("SIGCHLD", onChange);
  try {
    while (libc.waitpid(child, status, WNOHANG) === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, lookEvery);
        wake = () => (clearTimeout(timer), resolve());
      });
    }
  } finally {
    process.off("SIGCHLD", onChange);
  }
  return describeEnd(new DataView(status.buffer).getInt32(0, true));
}

/** Reads a status as wait(2) describes it. */
function describeEnd(status: number): LaunchEnd {
  const number = status & 0x7F;
  if (number === 0) return { kind: "exited", status: (status >> 8) & 0xFF };
  const { signals } = process.getBuiltinModule("node:os").constants;
  const signal = Object.entries(signals).find(([, value]) => value === number)?.[0];
  return { kind: "signalled", signal: signal ?? `${number}` };
}

/** The runtimes decode arguments; one that was not UTF-8 shows a replacement character and is fetched as it was. */
function argumentBytes(platform: PosixPlatform, command: readonly string[]): Uint8Array[] {
  const wasDecodedWithLoss = command.some((word) => word.includes("\u{FFFD}"));
  const raw = wasDecodedWithLoss ? platform.rawArguments() : undefined;
  return raw && raw.length >= command.length ? raw.slice(-command.length) : command.map(encode);
}

function restoreSignals(platform: PosixPlatform): void {
  const ignored = platform.ignoredByCaller();
  for (const signal of runtime.traces.ignoredSignals) platform.libc.signal(signalNumbers[signal], SIG_DFL);
  for (const number of ignored) platform.libc.signal(number, SIG_IGN);
}

function lowerFileLimit(platform: PosixPlatform): void {
  const soft = platform.callerFileLimit();
  if (soft === undefined) return;
  const limit = new Uint8Array(16);
  if (platform.libc.getrlimit(platform.fileLimit, limit) !== 0) return;
  const fields = new DataView(limit.buffer);
  const current = fields.getBigUint64(0, true);
  const isRaised = current === fields.getBigUint64(8, true) || current === raisedFileLimit;
  if (!isRaised || soft >= current) return;
  fields.setBigUint64(0, soft, true);
  platform.libc.setrlimit(platform.fileLimit, limit);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
