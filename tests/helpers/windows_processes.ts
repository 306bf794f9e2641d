/**
 * Finds processes of Windows, from Linux those that Wine runs, and sets rights of folders.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import process from "node:process";

const isWindows = process.platform === "win32";

export function listProcesses(): number[] {
  return readdirSync("/proc").map(Number).filter((id) => !Number.isNaN(id));
}

export function findTasks(name: string): number[] {
  const list = execFileSync("tasklist", ["/fo", "csv", "/nh", "/fi", `imagename eq ${name}`], {
    encoding: "utf8",
  });
  return Array.from(list.matchAll(/^"[^"]*","(\d+)"/gm), ([, id]) => Number(id));
}

export function openFiles(id: number): string[] {
  try {
    return readdirSync(`/proc/${id}/fd`).map((descriptor) => readlinkSync(`/proc/${id}/fd/${descriptor}`));
  } catch {
    return [];
  }
}

export function readOnlyCommand(folder: string, isReadOnly: boolean): [string, string[]] {
  if (!isWindows) return ["chattr", [isReadOnly ? "+i" : "-i", folder]];
  const user = process.env.USERNAME ?? "";
  return ["icacls", isReadOnly ? [folder, "/deny", `${user}:(W)`] : [folder, "/remove:d", user]];
}

export function isProgram(id: number, name: string): boolean {
  const [word] = readCommandLine(id).split("\0");
  return word.slice(Math.max(word.lastIndexOf("\\"), word.lastIndexOf("/")) + 1).replace(
    /(\.exe)?$/,
    ".exe",
  ) === name;
}

export function directoryOf(id: number): string {
  try {
    return readlinkSync(`/proc/${id}/cwd`);
  } catch {
    return "";
  }
}

export function commandLine(id: number): string {
  return readCommandLine(id).replaceAll("\0", " ").trim();
}

function readCommandLine(id: number): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

export function isLocked(path: string): boolean {
  try {
    closeSync(openSync(path, "r+"));
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EBUSY";
  }
}
