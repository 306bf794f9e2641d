/**
 * How a command is started: which file, with which command line.
 *
 * @module
 */

import type { Environment } from "../../runtime/runtime.ts";
import type { Files } from "../system.ts";
import { batchFault, batchLine } from "./batch_line.ts";
import { programLine } from "./command_line.ts";
import { executablePaths } from "./find.ts";

/** What starts a command, or why there is nothing. */
export type Invocation =
  | { readonly kind: "program"; readonly file: string; readonly commandLine: string }
  | { readonly kind: "failed"; readonly found: boolean; readonly reason: string };

const notFound = "The system cannot find the file specified";

// What Windows itself starts no process from, and what people call it.
const scripts: Readonly<Record<string, string>> = {
  ps1: "a PowerShell script; run it by PowerShell: powershell -File",
  py: "a Python script; run it by Python: py",
  sh: "a shell script; run it by a shell: bash",
  vbs: "a script of Windows Script Host; run it by that: cscript",
  js: "a script; run it by what it is for, such as: node",
};

/**
 * Finds the file of a command and writes its command line.
 *
 * @param own This process's own command line.
 */
export function findInvocation(
  files: Files,
  command: readonly string[],
  env: Environment,
  own?: string,
): Invocation {
  const file = executablePaths(command[0], env).find(files.isExecutable);
  if (file === undefined) return { kind: "failed", ...missing(files, command[0]) };
  if (/\.(cmd|bat)$/i.test(file)) return batchInvocation(file, command.slice(1), env);
  const reason = scriptFault(file);
  if (reason !== undefined) return { kind: "failed", found: true, reason };
  return { kind: "program", file, commandLine: programLine(command, own) };
}

function missing(files: Files, name: string): { found: boolean; reason: string } {
  if (!/[\\/:]/.test(name) || !files.exists(name)) return { found: false, reason: notFound };
  const isDirectory = files.status(name)?.isDirectory ?? false;
  return {
    found: true,
    reason: isDirectory ? "it is a directory" : "it is not a program: its name has no ending",
  };
}

function batchInvocation(
  file: string,
  args: readonly string[],
  env: Environment,
): Invocation {
  const reason = batchFault(args);
  if (reason !== undefined) return { kind: "failed", found: true, reason };
  const cmd = `${env("SystemRoot") ?? "C:\\Windows"}\\System32\\cmd.exe`;
  return { kind: "program", file: cmd, commandLine: batchLine(cmd, file, args) };
}

function scriptFault(file: string): string | undefined {
  const ending = file.slice(file.lastIndexOf(".") + 1).toLowerCase();
  const kind = Object.hasOwn(scripts, ending) ? scripts[ending] : undefined;
  return kind && `${file} is ${kind} ${file}`;
}
