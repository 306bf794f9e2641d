/**
 * Runs programs of Windows: on Windows by themselves, on x86_64 Linux by Wine, which is made ready here in a folder
 * of its own under the user's cache directory.
 *
 * @module
 */

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const sources = join(root, "tests/fixtures/windows");
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "gs-telemetry-tests");
const prefix = join(cache, "wine");
const tools = join(cache, "windows");

const isWindows = process.platform === "win32";
// Debian's `wine` has the first, distributions that mix both word sizes the others.
const wineFiles = ["/usr/lib/wine/wine64", "/usr/bin/wine64", "/opt/wine-stable/bin/wine64", "/usr/bin/wine"];
const compiler = isWindows ? "gcc" : "x86_64-w64-mingw32-gcc";
const wine = wineFiles.find((file) => existsSync(file));

/** Why programs of Windows cannot be run here; false if they can. */
export const noWindows: string | false = whyNoWindows();

function whyNoWindows(): string | false {
  if (!isWindows && (process.platform !== "linux" || process.arch !== "x64")) {
    return "needs Windows or x86_64 Linux";
  }
  const missing = [
    ...(isWindows || wine ? [] : ["wine64"]),
    ...(isInstalled(compiler) ? [] : [isWindows ? "MinGW's gcc" : "gcc-mingw-w64-x86-64"]),
  ];
  if (missing.length === 0) return false;
  const way = isWindows ? "" : `: apt-get install --no-install-recommends ${missing.join(" ")}`;
  return `${missing.join(" and ")} is not installed${way}`;
}

function isInstalled(tool: string): boolean {
  try {
    execFileSync(tool, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** The variables that Wine needs. */
export const wineVariables: Readonly<Record<string, string>> = isWindows ? {} : {
  WINEPREFIX: prefix,
  WINEARCH: "win64",
  WINEDEBUG: "-all",
  DISPLAY: "",
};

/** The words in front of a program of Windows. */
export const windowsWords: readonly string[] = isWindows || !wine ? [] : [wine];

/** Writes a path of this machine as Windows does: Wine has the root directory as drive `Z:`. */
export function windowsPath(path: string): string {
  return isWindows ? path : `Z:${path.replaceAll("/", "\\")}`;
}

/** The tools of `tests/fixtures/windows`, which are compiled on first use. */
export type WindowsTool = "show" | "start";

/** Makes all of it ready, once; returns where the tools lie. */
export function prepareWindows(): Readonly<Record<WindowsTool, string>> {
  mkdirSync(tools, { recursive: true });
  if (!isWindows) prepareWine();
  return { show: compileTool("show"), start: compileTool("start") };
}

function compileTool(name: WindowsTool): string {
  const file = join(tools, `${name}.exe`);
  compile(["-municode"], `${name}.c`, file);
  return file;
}

/** Compiles next to the file and moves it into place, since tests run at once. */
function compile(
  options: readonly string[],
  source: string,
  file: string,
  libraries: readonly string[] = [],
) {
  const unfinished = `${file}.${process.pid}`;
  execFileSync(compiler, [...options, "-O1", "-s", "-o", unfinished, join(sources, source), ...libraries]);
  renameSync(unfinished, file);
}

/** Makes a folder as of a new Windows 10, with the one library that Wine before 9 lacks. */
function prepareWine(): void {
  const mark = join(prefix, "ready");
  if (existsSync(mark)) return keepServer();
  rmSync(prefix, { recursive: true, force: true });
  mkdirSync(prefix, { recursive: true });
  const env = { ...process.env, ...wineVariables };
  for (const words of [["wineboot", "-i"], ["winecfg", "-v", "win10"]]) {
    execFileSync(wine!, words, { env, stdio: "ignore", timeout: 300_000 });
  }
  const system = join(prefix, "drive_c/windows/system32");
  const library = join(system, "bcryptprimitives.dll");
  if (!existsSync(library)) compile(["-shared"], "bcryptprimitives.c", library, ["-ladvapi32"]);
  writeFileSync(mark, "");
  keepServer();
}

/** Keeps Wine's server and services until this process ends, by a program that waits for input: they take seconds. */
function keepServer(): void {
  const env = { ...process.env, ...wineVariables };
  execFileSync(wine!, ["cmd", "/c", "exit"], { env, stdio: "ignore" });
  const waiting = spawn(wine!, ["cmd", "/c", "set /p x="], { env, stdio: ["pipe", "ignore", "ignore"] });
  waiting.unref();
}
