import type { NativeFunctions, NativeSignature } from "../runtime/runtime.ts";
import {
  copyMemory,
  copyString,
  cString,
  type LibraryFunctions,
  openLibc,
  readFile,
  readText,
  splitAtZero,
} from "./libc.ts";
import type { PosixPlatform } from "./posix.ts";

// glibc, then musl, which names its library after the architecture.
const libcFiles = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"];

const signatures = {
  __errno_location: { parameters: [], result: "address" },
  // On Linux variable arguments travel as fixed ones do.
  fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
  getppid: { parameters: [], result: "i32" },
  readdir: { parameters: ["address"], result: "address" },
} as const satisfies Record<string, NativeSignature>;

type LinuxLibc = LibraryFunctions & NativeFunctions<typeof signatures>;

const POSIX_SPAWN_SETSID = 0x80;
const RLIMIT_NOFILE = 7;
const F_GETFD = 1;
const F_SETFD = 2;
const FD_CLOEXEC = 1;
const AF_PACKET = 17;

// The ARPHRD_ types of IP tunnels, by the length of the IP address that they show as a hardware address;
// Go's net package leaves those out (src/net/interface_linux.go).
const tunnelTypes: Record<number, readonly number[]> = { 4: [768, 776, 778], 16: [769, 823] };

/** Linux, where the C library may be opened. */
export function linuxPlatform(): PosixPlatform | undefined {
  const libc = openLibc(libcFiles, signatures);
  if (!libc) return undefined;
  return {
    libc,
    errnoAddress: libc.__errno_location(),
    spawnFlags: POSIX_SPAWN_SETSID,
    fileLimit: RLIMIT_NOFILE,
    hardwareAddress: (socketAddress) => hardwareAddress(libc, socketAddress),
    machineID: () => linuxMachineID((path) => readText(libc, path)),
    environment: () => zeroTerminatedFile(libc, "/proc/self/environ"),
    rawArguments: () => zeroTerminatedFile(libc, "/proc/self/cmdline"),
    callerFileLimit: () => callerFileLimit(libc),
    withholdDescriptors: () => withholdDescriptors(libc),
    passDescriptors: () => passDescriptors(libc),
  };
}

/** Reads `struct sockaddr_ll` (packet(7)): family at 0, hardware type at 8, address length at 11, address at 12. */
function hardwareAddress(libc: LinuxLibc, socketAddress: bigint): Uint8Array | undefined {
  const header = copyMemory(libc, socketAddress, 12);
  const fields = new DataView(header.buffer);
  if (fields.getUint16(0, true) !== AF_PACKET) return undefined;
  const length = header[11];
  if (tunnelTypes[length]?.includes(fields.getUint16(8, true))) return undefined;
  return copyMemory(libc, socketAddress + 12n, length);
}

/** Reads the machine ID, systemd's or else that of D-Bus (machine-id(5)). */
export function linuxMachineID(read: (path: string) => string | undefined): string | undefined {
  const ids = ["/etc/machine-id", "/var/lib/dbus/machine-id"].map((path) => read(path)?.trim());
  return ids.find((id) => id !== undefined && /^[0-9a-f]{32}$/.test(id) && /[1-9a-f]/.test(id));
}

function zeroTerminatedFile(libc: LinuxLibc, path: string): Uint8Array[] | undefined {
  const bytes = readFile(libc, path);
  return bytes && splitAtZero(bytes);
}

/** Reads the parent's soft limit (proc_pid_limits(5)), which is the caller's own unless it was changed in between. */
function callerFileLimit(libc: LinuxLibc): bigint | undefined {
  const bytes = readFile(libc, `/proc/${libc.getppid()}/limits`);
  const soft = bytes && /^Max open files +(\d+)/m.exec(new TextDecoder().decode(bytes));
  return soft ? BigInt(soft[1]) : undefined;
}

function withholdDescriptors(libc: LinuxLibc): () => void {
  const passed = openDescriptors(libc).filter((descriptor) => libc.fcntl(descriptor, F_GETFD, 0) === 0);
  for (const descriptor of passed) libc.fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  return () => passed.forEach((descriptor) => libc.fcntl(descriptor, F_SETFD, 0));
}

function passDescriptors(libc: LinuxLibc): void {
  for (const descriptor of openDescriptors(libc)) {
    if (!isOfRuntime(libc, descriptor)) libc.fcntl(descriptor, F_SETFD, 0);
  }
}

/** The runtime's own descriptors, all of its event loop, are none that a shell or supervisor hands on. */
function isOfRuntime(libc: LinuxLibc, descriptor: number): boolean {
  const target = new Uint8Array(64);
  const length = Number(libc.readlink(cString(`/proc/self/fd/${descriptor}`), target, target.length));
  return new TextDecoder().decode(target.subarray(0, Math.max(0, length))).startsWith("anon_inode:[event");
}

/** Lists `/proc/self/fd` beyond the standard streams. `d_name` is at 19 in `struct dirent` (getdents(2)). */
function openDescriptors(libc: LinuxLibc): number[] {
  const directory = libc.opendir(cString("/proc/self/fd"));
  if (directory === 0n) return [];
  const descriptors: number[] = [];
  for (let entry = libc.readdir(directory); entry !== 0n; entry = libc.readdir(directory)) {
    descriptors.push(Number(copyString(libc, entry + 19n)));
  }
  libc.closedir(directory);
  // Also leaves out `.` and `..`, which are no numbers.
  return descriptors.filter((descriptor) => descriptor > 2);
}
