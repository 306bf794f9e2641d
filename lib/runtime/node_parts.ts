/**
 * What Bun and Node.js do alike, by the modules of Node.js.
 *
 * @module
 */

import type { Owner, StartedProgram } from "./runtime.ts";

const goNames: Record<string, string> = { x64: "amd64", ia32: "386", win32: "windows" };

/** Go's name of a platform or an architecture. */
export function goName(name: string): string {
  return goNames[name] ?? name;
}

/** Returns `undefined` if it fails. */
export function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

/** See `Runtime.foreignOwner`. */
export function foreignOwner(path: string): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const { statSync } = process.getBuiltinModule("node:fs");
  const owner = attempt(() => statSync(path));
  return owner?.uid ? owner : undefined;
}

const decoder = new TextDecoder();

/** See `Runtime.decode`. */
export function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** See `Runtime.write`. */
export function write(descriptor: 1 | 2, text: string): void {
  const { writeSync } = process.getBuiltinModule("node:fs");
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}

/** See `Runtime.startProgram`. */
export function startProgram([program, ...args]: readonly string[]): StartedProgram {
  return start(program, args, false);
}

/** See `Runtime.startVerbatim`. */
export function startVerbatim(program: string, line: string): StartedProgram {
  return start(program, [line], true);
}

function start(
  program: string,
  args: readonly string[],
  windowsVerbatimArguments: boolean,
): StartedProgram {
  const { spawn } = process.getBuiltinModule("node:child_process");
  const child = spawn(program, args, { stdio: "inherit", windowsVerbatimArguments });
  const ended = new Promise<{ readonly status: number | null; readonly signal: string | null }>(
    (resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (status, signal) => resolve({ status, signal }));
    },
  );
  return { pid: child.pid, ended };
}

/** The path of a file's URL. */
export function filePath(url: string): string {
  return process.getBuiltinModule("node:url").fileURLToPath(url);
}
