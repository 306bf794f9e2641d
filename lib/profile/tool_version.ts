/**
 * The wrapped tool's version, asked for by the courier, off the way of a run. The answer is kept per
 * executable until that changes.
 *
 * No path is written anywhere: what waits has the executable's name alone, which is looked up on PATH
 * again, and what is kept has a hash of the path.
 *
 * @module
 */

import { findExecutable } from "../system/executable.ts";
import { hashText } from "../signal/hash.ts";
import { runtime } from "../runtime/mod.ts";
import { type Signal, withToolVersion } from "../signal/signal.ts";
import { system } from "../system/mod.ts";
import type { VersionCall } from "./version_call.ts";

/** What is known by the hash of path, size, time of modification and arguments; null where the tool gave no version. */
type KnownVersions = Record<string, string | null>;

const callTimeout = 10_000;
const lastOutputPause = 500;
const outputLimit = 64 * 1024;
const knownLimit = 200;

/** Adds the tool's version to a signal that waits for it. */
export async function completeVersion(
  stateDirectory: string,
  { signal, versionCall }: { readonly signal: Signal; readonly versionCall?: VersionCall },
): Promise<Signal> {
  const version = versionCall && await versionOf(stateDirectory, versionCall);
  return version === undefined ? signal : withToolVersion(signal, version);
}

/** Gives a tool's version, from what is known or else from the tool. */
export async function versionOf(stateDirectory: string, call: VersionCall): Promise<string | undefined> {
  const path = findExecutable(call.executable, runtime.env);
  const stamp = path && runtime.fileStamp(path);
  if (path === undefined || stamp === undefined) return undefined;
  const key = hashText(JSON.stringify([path, stamp, call.args]));
  const file = `${stateDirectory}/versions.json`;
  const known = readKnown(file);
  if (!Object.hasOwn(known, key)) {
    known[key] = findVersion(await ask(path, stateDirectory, call)) ?? null;
    keepKnown(file, known);
  }
  return known[key] ?? undefined;
}

/** Finds a version number in what a tool prints; gives nothing else of it, and no address of a server. */
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
  const unfinished = `${file}.new`;
  system.files.remove(unfinished);
  if (system.files.create(unfinished, JSON.stringify(newest))) system.files.rename(unfinished, file);
}

/** Runs the tool with no terminal and no input, opted out of its telemetry; nothing where it takes too long. */
function ask(path: string, folder: string, { executable, args, optOut }: VersionCall): Promise<string> {
  const { spawn } = process.getBuiltinModule("node:child_process");
  const quiet = Object.fromEntries(
    ["GS_TELEMETRY_OPTOUT", "DO_NOT_TRACK", ...(optOut ? [optOut] : [])].map((name) => [name, "1"]),
  );
  return new Promise((resolve) => {
    const child = spawn(path, args, {
      argv0: executable,
      cwd: folder,
      env: { ...process.env, ...quiet },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: callTimeout,
      killSignal: "SIGKILL",
      windowsHide: true,
    });
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
