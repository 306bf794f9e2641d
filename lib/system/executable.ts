import type { Environment } from "../runtime/runtime.ts";
import { system } from "./mod.ts";

/** Finds the file that running this command would execute. */
export function findExecutable(command: string, env: Environment): string | undefined {
  return system.executablePaths(command, env).find(system.files.isExecutable);
}

/** Finds all files that running this command could execute, the one that it would execute first. */
export function findExecutables(command: string, env: Environment): string[] {
  return system.executablePaths(command, env).filter(system.files.isExecutable);
}
