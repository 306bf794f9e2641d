/**
 * What the program needs from the operating system and what each of them does differently.
 * Chosen once, in `mod.ts`; no other file asks which system it runs on.
 *
 * @module
 */

import type { Environment } from "../runtime/runtime.ts";
import type { Ownership } from "./ownership.ts";

/** The facts about machine and user that the user identifier is made of, besides the environment. */
export interface Machine {
  /** `undefined` if the host name cannot be read. */
  readonly hostname: string | undefined;
  /** Of each network interface, as lower-case hex pairs joined by colons; unsorted. */
  readonly hardwareAddresses: readonly string[];
  /** The real user; -1 if the system has no such numbers. */
  readonly uid: number;
  /** The real group; -1 if the system has no such numbers. */
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
  | { readonly kind: "unreadable"; readonly reason: string };

/** How a change to files ended. */
export type Change =
  | { readonly done: true }
  /** The reason in the words of the system, without the path. */
  | { readonly done: false; readonly reason: string };

/** What a directory says of an entry. */
export interface FileStatus {
  /** Whether it is a regular file. A FIFO, a socket or a device is neither this nor a directory. */
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isLink: boolean;
  /** In bytes. */
  readonly size: number;
  /** When the contents were changed, in milliseconds since 1970. */
  readonly modifiedAt: number;
  /** The owner; -1 on Windows. */
  readonly uid: number;
}

/**
 * The file system. Nothing here throws: telemetry that cannot be written is given up, and who has to tell
 * people why is given the reason.
 */
export interface Files {
  /** Creates a file of mode 0600 with that text; false if it fails. */
  create(path: string, text: string): boolean;
  /** Moves a file into place atomically; false if it fails. */
  rename(from: string, to: string): boolean;
  /**
   * Makes a directory of mode 0700; false if it fails or the directory exists. Root, by sudo in a user's home,
   * makes it the user's: a directory of root's there would keep the user's own signals out for good.
   */
  makeDirectory(path: string): boolean;
  /**
   * Makes a directory and those above it, as `makeDirectory` does. One that exists is no failure.
   *
   * @param most How many directories are made at most. By default all that are missing.
   */
  makeDirectories(path: string, most?: number): Change;
  /** Deletes one file or link; false if it fails or there is none. */
  remove(path: string): boolean;
  /**
   * Deletes whatever is there: a file, or a directory file by file. Links are deleted, not followed. It is no
   * failure if there is nothing.
   */
  removeTree(path: string): Change;
  /** Writes a file of mode 0600 and moves it into place, so that a reader sees the old text or the new one. */
  replace(path: string, text: string): Change;
  exists(path: string): boolean;
  /** At most that many bytes of a file (65,536) from an offset on (0), as text; `undefined` if it cannot be read. */
  read(path: string, offset?: number, length?: number): string | undefined;
  /** A whole file as text, or why there is none. A FIFO is not waited for. */
  readOptional(path: string): OptionalFile;
  /** All names in a directory, unsorted; none if it cannot be read. */
  list(path: string): string[];
  /**
   * The names of files and links in a directory that end so, unsorted; none if it cannot be read. Faster than
   * `list`, for the way of a run.
   */
  listFiles(path: string, ending: string): string[];
  /** What is there, without following a link; `undefined` if there is nothing or it may not be looked at. */
  status(path: string): FileStatus | undefined;
  /** A text that changes when a file, or the file behind a link, does; `undefined` if there is no such file. */
  stamp(path: string): string | undefined;
  isExecutable(path: string): boolean;
  /** The path without symbolic links; `undefined` if there is no such file. */
  realPath(path: string): string | undefined;
  /** What a symbolic link says; `undefined` if the file is not a link. */
  linkTarget(path: string): string | undefined;
  /** Reports whether files can be made in a directory. */
  isWritable(path: string): boolean;
}

/** A lock that ends with its process, however that dies. */
export interface Lock {
  release(): void;
}

/** An operating system, reduced to what differs between them. */
export interface System {
  readonly files: Files;
  /** Lists the files that a command's name may stand for. The first that is executable is the one that is run. */
  executablePaths(command: string, env: Environment): string[];
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
  /** The operating system's own ID of this installation, as it stands there; `undefined` if it cannot be read. */
  machineID(): string | undefined;
  /** Ends this process after so many seconds, whatever it hangs in, unless it is asked again before. */
  setAlarm(seconds: number): void;
  /** Takes a lock, unless another process has it; returns `undefined` if none can be taken at all. */
  lock(path: string): Lock | "taken" | undefined;
  /**
   * Starts a program that outlives this process, has a session of its own if the system has sessions,
   * none of this process's descriptors, and is no child of what this process becomes. What starts it goes on
   * beside this process until `reapStarter`.
   */
  detach(command: readonly string[], directory: string, variables: Readonly<Record<string, string>>): boolean;
  /** Reaps the shell that `detach` started. Whoever launches need not ask. */
  reapStarter(): void;
  /**
   * Runs a command in the foreground. If the system can replace a process, this returns only if that failed.
   */
  launch(command: readonly string[], variables: Readonly<Record<string, string>>): Promise<LaunchEnd>;
  /** Runs a command in the foreground as a child, and sees how it ends. */
  launchChild(command: readonly string[], variables: Readonly<Record<string, string>>): Promise<LaunchEnd>;
}
