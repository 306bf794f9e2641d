/**
 * Processes: runs one to its end, and finds the couriers.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** How a process ended, and all that it said. */
export interface Result {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a process gets besides its arguments. */
export interface ProcessOptions {
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs any command to its end. */
export async function runToEnd(
  [file, ...args]: readonly string[],
  { cwd, env, input = "" }: ProcessOptions,
): Promise<Result> {
  const child = spawn(file, args, { cwd, env });
  child.stdin.on("error", () => {}); // a command that reads nothing closes its input
  child.stdin.end(input);
  const [stdout, stderr, [status, signal]] = await Promise.all([
    readAll(child.stdout),
    readAll(child.stderr),
    new Promise<[number | null, string | null]>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (...end) => resolve(end));
    }),
  ]);
  return { status, signal, stdout, stderr };
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return await new Blob(chunks as Uint8Array<ArrayBuffer>[]).text();
}

/** The process IDs of the couriers whose `HOME` this is, and of what they have started. */
export function findCouriers(home: string): number[] {
  return listProcesses().filter((pid) => isCourier(read(pid, "environ"), home));
}

/** Reports whether a courier is at work, or a process is being started that may become one. */
export function isCourierAtWork(home: string): boolean {
  return listProcesses().some((pid) => {
    const environment = read(pid, "environ");
    return isCourier(environment, home) || (environment === "" && isStarting(pid));
  });
}

/** In the moment of its exec a process shows no arguments. Those of the kernel never show any. */
function isStarting(pid: number): boolean {
  return read(pid, "cmdline") === "" && existsSync(`/proc/${pid}/exe`);
}

function listProcesses(): number[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
}

function isCourier(environment: string | undefined, home: string): boolean {
  if (!environment?.includes(home)) return false;
  const variables = environment.split("\0");
  return variables.some((each) => each.startsWith("GS_TELEMETRY_COURIER=")) &&
    variables.includes(`HOME=${home}`);
}

function read(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined; // it has ended
  }
}
