import type { NativeFunctions, NativeSignature } from "../runtime/runtime.ts";
import { cString, type LibraryFunctions, openLibc, readFile, readText, splitAtZero } from "./libc.ts";
import { type Link, listLinks, netlinkSignatures } from "./netlink.ts";
import { runtime } from "../runtime/mod.ts";
import { isOwnJob, processSignatures, terminalSession } from "./linux_process.ts";
import { linuxOwnership } from "./ownership.ts";
import { type FileLimit, lastError, type PosixPlatform } from "./posix/platform.ts";
import type { Files } from "./system.ts";

// glibc, then musl, which names its library after the architecture.
const libcFiles = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"];

const signatures = {
  __errno_location: { args: [], returns: "u64" },
  // On Linux variable arguments travel as fixed ones do.
  fcntl: { args: ["i64", "i64", "i64"], returns: "i32" },
  ...processSignatures,
  ...netlinkSignatures,
} as const satisfies Record<string, NativeSignature>;

type LinuxLibc = LibraryFunctions & NativeFunctions<typeof signatures>;

const O_CLOEXEC = 0o2000000;
const O_NONBLOCK = 0o4000;
const POSIX_SPAWN_SETSID = 0x80;
const RLIMIT_NOFILE = 7;
const F_GETFD = 1;
const F_SETFD = 2;
const FD_CLOEXEC = 1;

const getdents64 = runtime.architecture === "arm64" ? 61 : 217;
const entriesLength = 32_768;
const digitZero = 0x30;

// The first descriptor beyond the standard streams.
const firstDescriptor = 3;
const longestPath = 4096;
// The width of a column of `/proc/<pid>/limits`.
const limitsColumn = 21;
const lastSignal = 64;
// SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN and SIGTTOU: those a shell ignores for itself alone.
const ownOfShells = [3, 15, 20, 21, 22];
const shells = ["sh", "ash", "bash", "busybox", "dash", "ksh", "ksh93", "mksh", "rbash", "yash", "zsh"];

// The ARPHRD_ types of IP tunnels, by the length of the IP address that they show as a hardware address;
// Go's net package leaves those out (src/net/interface_linux.go).
const tunnelTypes: Record<number, readonly number[]> = { 4: [768, 776, 778], 16: [769, 823] };

/** Linux, where the C library may be opened. */
export function linuxPlatform(): PosixPlatform | undefined {
  const libc = openLibc(libcFiles, signatures);
  if (!libc) return undefined;
  const platform: PosixPlatform = {
    libc,
    errnoAddress: libc.__errno_location(),
    closeOnExecFlag: O_CLOEXEC,
    nonBlockingFlag: O_NONBLOCK,
    spawnFlags: POSIX_SPAWN_SETSID,
    fileLimit: RLIMIT_NOFILE,
    hardwareAddresses: () => hardwareAddresses(libc),
    isOwnJob: () => isOwnJob(libc),
    terminalSession: () => terminalSession(libc),
    ownership: (path) => linuxOwnership(libc, path, () => lastError(platform)),
    machineID: () => linuxMachineID((path) => readText(libc, path)),
    environment: () => zeroTerminatedFile(libc, "/proc/self/environ"),
    rawArguments: () => zeroTerminatedFile(libc, "/proc/self/cmdline"),
    callerFileLimit: () => callerFileLimit(libc),
    ignoredSignals: () => numbersIn(signalSet(libc, "/proc/self", "SigIgn")),
    ignoredByCaller: () => ignoredByCaller(libc),
    withholdDescriptors: () => withholdDescriptors(libc),
    passDescriptors: () => passDescriptors(libc),
  };
  return platform;
}

function hardwareAddresses(libc: LinuxLibc): Uint8Array[] {
  const isTunnel = ({ type, address }: Link) => tunnelTypes[address.length]?.includes(type);
  return listLinks(libc).filter((link) => !isTunnel(link)).map(({ address }) => address);
}

/** Reads the machine ID, systemd's or else that of D-Bus (machine-id(5)). */
export function linuxMachineID(read: (path: string) => string | undefined): string | undefined {
  const ids = ["/etc/machine-id", "/var/lib/dbus/machine-id"].map((path) => read(path)?.trim());
  return ids.find((id) => id !== undefined && /^[0-9a-f]{32}$/.test(id) && /[1-9a-f]/.test(id));
}

/**
 * Reads the hardware addresses without native code, which `/sys` shows of all interfaces (sysfs(5)).
 *
 * @param known The names of interfaces that are certainly there.
 * @returns `undefined` if `/sys` is missing or shows another network than this process's.
 */
export function linuxHardwareAddresses(
  { read }: Pick<Files, "read">,
  known: readonly string[],
): string[] | undefined {
  const folder = "/sys/class/net";
  const names = runtime.listFiles(folder, "");
  if (!known.every((name) => names.includes(name))) return undefined;
  const addresses = names.map((name) => {
    const [address = "", type] = ["address", "type"].map((file) => read(`${folder}/${name}/${file}`)?.trim());
    const length = address === "" ? 0 : address.split(":").length;
    return tunnelTypes[length]?.includes(Number(type)) ? "" : address;
  });
  return addresses.filter((address) => address !== "");
}

function zeroTerminatedFile(libc: LinuxLibc, path: string): Uint8Array[] | undefined {
  const bytes = readFile(libc, path);
  return bytes && splitAtZero(bytes);
}

/** Reads the parent's limits (proc_pid_limits(5)), which are the caller's own unless they were changed in between. */
function callerFileLimit(libc: LinuxLibc): FileLimit | undefined {
  const limits = readField(libc, `/proc/${libc.getppid()}/limits`, "Max open files");
  const soft = Number.parseInt(limits);
  const hard = Number.parseInt(limits.slice(limitsColumn));
  return Number.isNaN(soft + hard) ? undefined : { soft: BigInt(soft), hard: BigInt(hard) };
}

/**
 * A shell ignores what its children ignore too (POSIX, `trap`), but for the signals of job control. Other
 * programs, such as Python and Node.js, ignore SIGPIPE for themselves and put it back for their children, so
 * their state says nothing.
 */
function ignoredByCaller(libc: LinuxLibc): number[] {
  const parent = `/proc/${libc.getppid()}`;
  if (!isShell(readLink(libc, `${parent}/exe`))) return [];
  const ignored = signalSet(libc, parent, "SigIgn");
  if (ignored === 0n) return [];
  const changed = signalSet(libc, "/proc/self", "SigIgn") | signalSet(libc, "/proc/self", "SigCgt");
  return numbersIn(ignored & changed).filter((number) => !ownOfShells.includes(number));
}

/** By the executable's name, which may end with a version, as in `zsh-5.9`. */
function isShell(executable: string): boolean {
  const [name] = executable.slice(executable.lastIndexOf("/") + 1).split("-", 1);
  return shells.includes(name);
}

function numbersIn(set: bigint): number[] {
  const numbers: number[] = [];
  for (let number = 1; number <= lastSignal; number++) {
    if (set >> BigInt(number - 1) & 1n) numbers.push(number);
  }
  return numbers;
}

/** Reads one of the sets in `/proc/<pid>/status` (proc_pid_status(5)). */
function signalSet(libc: LinuxLibc, process: string, name: string): bigint {
  const [set] = readField(libc, `${process}/status`, `${name}:`).split("\n", 1);
  return set === "" ? 0n : BigInt(`0x${set}`);
}

/** Reads what follows a label at the start of a line, which is not the first; nothing is an empty text. */
function readField(libc: LinuxLibc, path: string, label: string): string {
  const text = readText(libc, path) ?? "";
  const start = text.indexOf(`\n${label}`);
  return start < 0 ? "" : text.slice(start + 1 + label.length).trimStart();
}

function withholdDescriptors(libc: LinuxLibc): () => void {
  const passed = openDescriptors(libc).filter((descriptor) => libc.fcntl(descriptor, F_GETFD, 0) === 0);
  for (const descriptor of passed) libc.fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  return () => passed.forEach((descriptor) => libc.fcntl(descriptor, F_SETFD, 0));
}

function passDescriptors(libc: LinuxLibc): void {
  const descriptors = openDescriptors(libc);
  const own = eventLoop(libc, descriptors);
  for (const descriptor of descriptors) {
    if (!own.includes(descriptor)) libc.fcntl(descriptor, F_SETFD, 0);
  }
}

/**
 * Finds the descriptors of the runtime's event loop, which are all that it has open: an epoll instance that
 * watches an eventfd. They have the lowest numbers that were free at start, by which they are told from
 * others that the caller handed on.
 */
function eventLoop(libc: LinuxLibc, descriptors: readonly number[]): number[] {
  const isPacked = (descriptor: number) => descriptors[descriptor - firstDescriptor] === descriptor;
  for (const loop of descriptors) {
    if (!isPacked(loop)) continue;
    if (readLink(libc, `/proc/self/fd/${loop}`) !== "anon_inode:[eventpoll]") continue;
    const wakeUp = Number.parseInt(readField(libc, `/proc/self/fdinfo/${loop}`, "tfd:"));
    if (wakeUp > loop && isPacked(wakeUp)) return [loop, wakeUp];
  }
  return [];
}

function readLink(libc: LinuxLibc, path: string): string {
  const target = new Uint8Array(longestPath);
  const length = Number(libc.readlink(cString(path), target, target.length));
  return runtime.decode(target.subarray(0, Math.max(0, length)));
}

/** Lists `/proc/self/fd` beyond the standard streams. */
function openDescriptors(libc: LinuxLibc): number[] {
  const folder = libc.open(cString("/proc/self/fd"), O_CLOEXEC);
  const entries = new Uint8Array(entriesLength);
  const descriptors: number[] = [];
  for (;;) {
    const length = Number(libc.syscall(getdents64, folder, entries, entries.length, 0, null));
    if (length <= 0) break;
    addNumbers(entries.subarray(0, length), descriptors);
  }
  libc.close(folder);
  return descriptors.filter((descriptor) => descriptor >= firstDescriptor && descriptor !== folder)
    .sort((a, b) => a - b);
}

/** Reads the names that are numbers in `struct linux_dirent64` (getdents(2)): its length at 16, the name at 19. */
function addNumbers(entries: Uint8Array, numbers: number[]): void {
  const fields = new DataView(entries.buffer);
  for (let start = 0; start < entries.length; start += fields.getUint16(start + 16, true)) {
    let number = 0;
    for (let at = start + 19; entries[at] !== 0; at++) number = number * 10 + entries[at] - digitZero;
    // `.` and `..` are not.
    if (entries[start + 19] >= digitZero) numbers.push(number);
  }
}
