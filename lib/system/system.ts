/**
 * What the program needs from the operating system and what each of them does differently.
 * Chosen once, in `mod.ts`; no other file asks which system it runs on.
 *
 * @module
 */

import type { Ownership } from "./ownership.ts";

/** The facts about machine and user that the user identifier is made of, besides the environment. */
export interface Machine {
  /** Nothing where the host name cannot be read. */
  readonly hostname: string | undefined;
  /** Of each network interface, as lower-case hex pairs joined by colons; unsorted. */
  readonly hardwareAddresses: readonly string[];
  /** The real user; -1 where the system has no such numbers. */
  readonly uid: number;
  /** The real group; -1 where the system has no such numbers. */
  readonly gid: number;
}

/** How a launched command ended, as far as this process lived to see it. */
export type LaunchEnd =
  | { readonly kind: "exited"; readonly status: number }
  | { readonly kind: "signalled"; readonly signal: string }
  | { readonly kind: "failed"; readonly found: boolean; readonly reason: string };

/** A file that need not be there. */
export type OptionalFile =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" }
  /** It is there and cannot be read, or it cannot be said whether it is there. */
  | { readonly kind: "unreadable" };

/**
 * The few things done to files between start and launch. They never throw: telemetry that cannot
 * be written is given up.
 */
export interface Files {
  /** Creates a file of mode 0600 with that text; false where that fails. */
  create(path: string, text: string): boolean;
  /** Moves a file into place atomically; false where that fails. */
  rename(from: string, to: string): boolean;
  /**
   * Makes a folder of mode 0700; false where that fails or it exists. Root, by sudo in a user's home, makes
   * it the user's: a folder of root's there would keep the user's own signals out for good.
   */
  makeDirectory(path: string): boolean;
  remove(path: string): boolean;
  exists(path: string): boolean;
  /** At most that many bytes of a file (65,536) from an offset on (0), as text; nothing where it cannot be read. */
  read(path: string, offset?: number, length?: number): string | undefined;
  /** A small file (up to 65,536 bytes) as text, or why there is none. */
  readOptional(path: string): OptionalFile;
  isExecutable(path: string): boolean;
  /** The path without symbolic links; nothing where there is no such file. */
  realPath(path: string): string | undefined;
  /** What a symbolic link says; nothing where the file is none. */
  linkTarget(path: string): string | undefined;
  isWritable(path: string): boolean;
}

/** A lock that ends with its process, however that dies. */
export interface Lock {
  release(): void;
}

/** An operating system, reduced to what differs between them. */
export interface System {
  readonly files: Files;
  /** What stands between the folders in PATH. */
  readonly pathSeparator: string;
  /** What may stand behind a command's name in the name of its file. */
  readonly executableEndings: readonly string[];
  /** Whether a standard stream (0, 1 or 2) is a terminal. */
  isTerminal(descriptor: number): boolean;
  /**
   * Whether this process, or the pipeline that it is in, is a job of its own, as shells with job control start it.
   * A script's commands, and those of make or xargs, are in the process group of what started them. `undefined` if
   * the system cannot tell.
   */
  isOwnJob(): boolean | undefined;
  /**
   * What tells the session of this process's terminal from all others, since the machine was made: its boot, and
   * the session's leader with its start time. `undefined` without a terminal, or if the system cannot tell.
   */
  terminalSession(): string | undefined;
  /** Whose a file is, if it is a link the link's. For files that have to be trusted. */
  ownership(path: string): Ownership;
  machine(): Machine;
  /** The operating system's own ID of this installation, as it stands there; nothing where it cannot be read. */
  machineID(): string | undefined;
  /** Ends this process after so many seconds, whatever it hangs in, unless it is asked again before. */
  setAlarm(seconds: number): void;
  /** Takes a lock, unless another process has it; gives nothing where none can be taken at all. */
  lock(path: string): Lock | "taken" | undefined;
  /**
   * Starts a program that outlives this process, has a session of its own where there are sessions,
   * none of this process's descriptors, and is no child of what this process becomes. What starts it goes on
   * beside this process until `reapStarter`.
   */
  detach(command: readonly string[], directory: string, variables: Readonly<Record<string, string>>): boolean;
  /** Reaps the shell that `detach` started. Whoever launches need not ask. */
  reapStarter(): void;
  /**
   * Runs a command in the foreground. Where the system can replace a process this returns only if that failed.
   */
  launch(command: readonly string[], variables: Readonly<Record<string, string>>): Promise<LaunchEnd>;
  /** Runs a command in the foreground as a child, and sees how it ends. */
  launchChild(command: readonly string[], variables: Readonly<Record<string, string>>): Promise<LaunchEnd>;
}
