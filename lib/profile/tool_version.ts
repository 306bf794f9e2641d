/**
 * The wrapped tool's version. The courier asks for it, so that no run waits. The answer is kept until the
 * executable changes.
 *
 * No path is written anywhere: a waiting signal has the executable's name alone, which is looked up on PATH
 * again, and what is kept has a hash of the path.
 *
 * @module
 */

import type { ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";
import { findTool } from "../directories/own_call.ts";
import type { StateDirectory } from "../directories/state_directory.ts";
import { hashText } from "../runtime/hash.ts";
import { runtime } from "../runtime/mod.ts";
import { type Signal, withToolVersion } from "../signal/signal.ts";
import { system } from "../system/mod.ts";
import type { VersionCall } from "./version_call.ts";

/** Versions by the hash of path, size, time of modification and arguments; null if the tool told none. */
type KnownVersions = Record<string, string | null>;

const callTimeout = 10_000;
const lastOutputPause = 500;
const outputLimit = 64 * 1024;
const knownLimit = 200;

/** Adds the tool's version to a signal that waits for it. */
export async function completeVersion(
  state: StateDirectory,
  { signal, versionCall }: { readonly signal: Signal; readonly versionCall?: VersionCall },
): Promise<Signal> {
  const version = versionCall && await versionOf(state, versionCall);
  return version === undefined ? signal : withToolVersion(signal, version);
}

/** Returns a tool's version, from what is known or else from the tool. */
export async function versionOf(state: StateDirectory, call: VersionCall): Promise<string | undefined> {
  const found = await find(call);
  if (found === undefined) return undefined;
  const { path, key } = found;
  const { toolVersions: file } = state;
  const known = readKnown(file);
  if (!Object.hasOwn(known, key)) {
    known[key] = findVersion(await ask(path, state.path, call)) ?? null;
    keepKnown(file, known);
  }
  return known[key] ?? undefined;
}

/** Returns a tool's version if a courier has asked for it. Asks nobody. */
export async function knownVersion(
  { toolVersions }: StateDirectory,
  call: VersionCall,
): Promise<string | undefined> {
  const found = await find(call);
  return found && (readKnown(toolVersions)[found.key] ?? undefined);
}

/** Asks a tool for its version, in a directory where nothing lies. Keeps nothing. */
export async function askVersion(call: VersionCall, directory: string): Promise<string | undefined> {
  const path = findTool(call.executable, runtime.env);
  return path === undefined ? undefined : findVersion(await ask(path, directory, call));
}

/** Finds the executable, and the key under which its version is kept. */
async function find({ executable, args }: VersionCall): Promise<{ path: string; key: string } | undefined> {
  const path = findTool(executable, runtime.env);
  const stamp = path && system.files.stamp(path);
  if (path === undefined || stamp === undefined) return undefined;
  return { path, key: await hashText(JSON.stringify([path, stamp, args])) };
}

/** Finds a version number in what a tool prints. Never returns anything else of it, nor a server's address. */
export function findVersion(output: string): string | undefined {
  const version =
    /(?<![\w.])v?(?!(?:\d{1,3}\.){3}\d)(\d{1,9}(?:\.\d{1,9}){1,3}(?:[-+][0-9A-Za-z][0-9A-Za-z.+-]{0,40})?)(?![\w])/;
  return version.exec(output)?.[1];
}

function readKnown(file: string): KnownVersions {
  try {
    const known = JSON.parse(system.files.read(file) ?? "{}");
    return typeof known === "object" && known !== null ? known : {};
  } catch {
    return {};
  }
}

/** Keeps the newest, which stand last. */
function keepKnown(file: string, known: KnownVersions): void {
  const newest = Object.fromEntries(Object.entries(known).slice(-knownLimit));
  system.files.replace(file, JSON.stringify(newest));
}

/** Runs the tool with no terminal and no input, opted out of its telemetry. Returns what it printed in time. */
function ask(path: string, folder: string, call: VersionCall): Promise<string> {
  const { spawn } = process.getBuiltinModule("node:child_process");
  const child = spawn(path, call.args, {
    argv0: call.executable,
    cwd: folder,
    env: { ...process.env, ...quietVariables(call) },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: callTimeout,
    killSignal: "SIGKILL",
    windowsHide: true,
  });
  return outputOf(child);
}

function quietVariables({ optOutVariable }: VersionCall): Record<string, string> {
  const names = ["GS_TELEMETRY_OPTOUT", "DO_NOT_TRACK", ...(optOutVariable ? [optOutVariable] : [])];
  return Object.fromEntries(names.map((name) => [name, "1"]));
}

function outputOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<string> {
  return new Promise((resolve) => {
    let output = "";
    const end = () => {
      clearTimeout(timer);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(output);
    };
    let timer = setTimeout(end, callTimeout);
    const keep = (chunk: unknown) => {
      output = (output + chunk).slice(0, outputLimit);
      if (output.length === outputLimit) child.kill("SIGKILL");
    };
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    child.on("error", end);
    child.on("close", end);
    // What the tool has started may hold its output open after it has ended.
    child.on("exit", () => {
      clearTimeout(timer);
      timer = setTimeout(end, lastOutputPause);
    });
  });
}
