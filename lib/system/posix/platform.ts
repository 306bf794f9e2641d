import type { Ownership } from "../ownership.ts";
import { copyMemory, type LibraryFunctions } from "../libc.ts";

/** Where Linux and macOS differ. */
export interface PosixPlatform {
  readonly libc: LibraryFunctions;
  /** Where the C library keeps `errno` for this thread. */
  readonly errnoAddress: bigint;
  /** The flag of `open` that keeps a descriptor from other programs. */
  readonly closeOnExecFlag: number;
  /** The flag of `open` that keeps a FIFO from waiting for a writer. */
  readonly nonBlockingFlag: number;
  /** The flags of `posix_spawn` that give the new process a session of its own. */
  readonly spawnFlags: number;
  /** The number of RLIMIT_NOFILE. */
  readonly fileLimit: number;
  /** The hardware address of each network interface; those without one may be missing or empty. */
  hardwareAddresses(): Uint8Array[];
  /** See `System.isOwnJob`. */
  isOwnJob(): boolean | undefined;
  /** See `System.terminalSession`. */
  terminalSession(): string | undefined;
  /** See `System.ownership`. */
  ownership(path: string): Ownership;
  /** See `System.machineID`. */
  machineID(): string | undefined;
  /** The environment that this process was started with, as it was. */
  environment(): Uint8Array[] | undefined;
  /** The arguments that this process was started with, as they were. */
  rawArguments(): Uint8Array[] | undefined;
  /** The limits of open files that the caller has, if they can be known. */
  callerFileLimit(): FileLimit | undefined;
  /** The numbers of the signals that this process ignores, if they can be known. */
  ignoredSignals(): number[];
  /** The signals that this process was started to ignore and that the runtime has changed since, if it can be known. */
  ignoredByCaller(): number[];
  /** Keeps the inherited descriptors from a process that is started next; returns the undoing. */
  withholdDescriptors(): () => void;
  /** Undoes a close-on-exec mark that the runtime put on the inherited descriptors. */
  passDescriptors(): void;
}

/** A soft and a hard limit of open files. */
export interface FileLimit {
  readonly soft: bigint;
  readonly hard: bigint;
}

/** Why the last call has failed (errno(3)). */
export function lastError({ libc, errnoAddress }: PosixPlatform): number {
  return new DataView(copyMemory(libc, errnoAddress, 4).buffer).getInt32(0, true);
}
