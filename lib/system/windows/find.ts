/**
 * Where Windows looks for a command, in the manner of cmd.exe.
 *
 * @module
 */

import type { Environment } from "../../runtime/runtime.ts";

const defaultEndings = ".COM;.EXE;.BAT;.CMD";
// If it is set, to whatever, a name is not looked for in the working directory (NeedCurrentDirectoryForExePath).
const notHere = "NoDefaultCurrentDirectoryInExePath";

/**
 * Lists the files that a command's name may stand for, in the order of cmd.exe: in the working directory and then
 * in each directory of PATH, the name itself if it has an ending, then with each ending of PATHEXT.
 */
export function executablePaths(command: string, env: Environment): string[] {
  // No name of a file has a quote in it, but people write them around names.
  const name = command.replaceAll('"', "");
  if (name === "") return [];
  const directories = isPath(name) ? [""] : searchPath(env);
  const endings = endingsOf(env);
  const names = [...(hasEnding(name) ? [name] : []), ...endings.map((ending) => name + ending)];
  return directories.flatMap((directory) => names.map((each) => directory + each));
}

/** Whether it says where the file is; `C:tool` does too. */
function isPath(name: string): boolean {
  return /[\\/:]/.test(name);
}

function hasEnding(name: string): boolean {
  return /\.[^\\/:.]+$/.test(name);
}

/** As far as they look like endings. */
function endingsOf(env: Environment): string[] {
  const endings = (env("PATHEXT") || defaultEndings).split(";").map((ending) => ending.trim().toLowerCase());
  return endings.filter((ending) => /^\.[^\\/:.]+$/.test(ending));
}

/** Each with what has to stand before a name; an entry of PATH may be in quotes, an empty one is none. */
function searchPath(env: Environment): string[] {
  const entries = splitPath(env("PATH") ?? "").filter((entry) => entry !== "");
  const directories = entries.map((entry) => /[\\/:]$/.test(entry) ? entry : `${entry}\\`);
  return env(notHere) === undefined ? ["", ...directories] : directories;
}

/** A semicolon within quotes belongs to the name of a directory. */
function splitPath(path: string): string[] {
  const entries = path.match(/(?:"[^"]*"?|[^;"])+/g) ?? [];
  return entries.map((entry) => entry.replaceAll('"', "").trim());
}
