/**
 * What the program needs from the JavaScript runtime and what each of them does differently.
 * Chosen once, in `mod.ts`; no other file asks which runtime it runs on.
 *
 * @module
 */

/** Reads an environment variable; `undefined` if it is not set or may not be read. */
export type Environment = (name: string) => string | undefined;

/** Reports whether a variable that switches something on does so: by any value but an empty one, `0` and `false`. */
export function isSwitchedOn(value: string | undefined): boolean {
  return !["", "0", "false"].includes(value?.toLowerCase() ?? "");
}

/** How a value comes back from native code. */
export type NativeResult = "i32" | "u32" | "i64" | "u64";

/**
 * How a value crosses into native code. A `ptr` leads to bytes held here, or nowhere; other addresses are `u64`.
 * Whole numbers of all lengths are `i64`: each fills a register, of which the callee reads its part.
 */
export type NativeParameter = "i64" | "u64" | "ptr";

/** A native function's signature, as Bun takes it, since to translate all of them takes a tenth of a run. */
export interface NativeSignature {
  readonly args: readonly NativeParameter[];
  readonly returns: NativeResult;
}

/** A value that can be passed to a native function. */
export type NativeValue = number | bigint | Uint8Array | null;

/** The functions of a native library, by name. 64-bit results are `bigint`. */
export type NativeFunctions<Signatures extends Record<string, NativeSignature>> = {
  [Name in keyof Signatures]: (
    ...values: NativeValue[]
  ) => Signatures[Name]["returns"] extends "i32" | "u32" ? number : bigint;
};

/** What a runtime changes in its process, which the command must not inherit. */
export interface ProcessChanges {
  /** Signals that the runtime ignores; an ignored signal stays so across `execve`. */
  readonly ignoredSignals: readonly ("SIGPIPE" | "SIGXFSZ")[];
  /** Whether inherited file descriptors were marked close-on-exec. */
  readonly marksDescriptors: boolean;
  /** Whether the soft limit of open files was raised to the hard one. */
  readonly raisesFileLimit: boolean;
}

/** A user and a group, by their numbers. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** A program that was started. */
export interface StartedProgram {
  /** `undefined` if it could not be started. */
  readonly pid: number | undefined;
  /** How it ended, by a status or by the name of a signal. Rejected if it could not be started. */
  readonly ended: Promise<{ readonly status: number | null; readonly signal: string | null }>;
}

/** A JavaScript runtime, reduced to what differs between Deno, Bun and Node.js. */
export interface Runtime {
  readonly name: "deno" | "bun" | "node";
  readonly version: string;
  /** The program's arguments, without the program itself. */
  readonly args: string[];
  /** The name by which the program was called, as the caller wrote it. */
  readonly calledAs: string;
  /** Go's name of the operating system, such as `linux`, `darwin` or `windows`. */
  readonly os: string;
  /** Go's name of the architecture, such as `amd64` or `arm64`. */
  readonly architecture: string;
  readonly changes: ProcessChanges;
  readonly env: Environment;
  /** Reports whether an environment variable may be read, set or not. */
  mayReadVariable(name: string): boolean;
  /** Returns the program and the arguments that start this same program again. */
  programCommand(): string[];
  /** Returns the words that start a module in a process of its own, `undefined` in a standalone program. */
  moduleCommand(url: string): string[] | undefined;
  /** Opens a native library. Returns `undefined` if that is not permitted or the library is missing. */
  openLibrary<Signatures extends Record<string, NativeSignature>>(
    file: string,
    signatures: Signatures,
  ): NativeFunctions<Signatures> | undefined;
  /** Returns the address of the first byte, which holds while the buffer is reachable. */
  addressOf(buffer: Uint8Array): bigint;
  /** Takes a file lock without native code, as `System.lock` does. Returns `undefined` if the runtime cannot. */
  lock(path: string): { release(): void } | "taken" | undefined;
  /** See `Files.listFiles`. This and the next two are for `lib/system` alone, whose `files` all others use. */
  listFiles(path: string, ending: string): string[];
  /** See `Files.stamp`. */
  fileStamp(path: string): string | undefined;
  /** Returns the owner of a file if this process is root's and the file another user's. */
  foreignOwner(path: string): Owner | undefined;
  /** Reads UTF-8. What is not UTF-8 becomes replacement characters. */
  decode(bytes: Uint8Array): string;
  /** Writes all of a text to standard output (1) or standard error (2). */
  write(descriptor: 1 | 2, text: string): void;
  /** Reports whether this process may start that program. */
  mayStart(program: string): boolean;
  /** Starts a program in the foreground, with this process's standard streams and environment as they are. */
  startProgram(command: readonly string[]): StartedProgram;
  /**
   * Starts a program as `startProgram` does, on Windows.
   *
   * @param line What stands behind the program's name in its command line, as it is.
   */
  startVerbatim(program: string, line: string): StartedProgram;
  /** Ends this process; on Windows with any status of 32 bits, such as those that begin with 0xC. */
  exit(status: number): never;
}
