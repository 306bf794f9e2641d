import type { Environment } from "../runtime/runtime.ts";
import { system } from "./mod.ts";

/** Where execvp(3) looks when PATH is unset. */
const defaultPath = "/bin:/usr/bin";

/** Finds the file that running this command would execute. */
export function findExecutable(command: string, env: Environment): string | undefined {
  for (const path of candidatePaths(command, env)) {
    const file = executableAt(path);
    if (file !== undefined) return file;
  }
  return undefined;
}

/** Finds all files that running this command could execute, the one that it would execute first. */
export function findExecutables(command: string, env: Environment): string[] {
  const files = candidatePaths(command, env).map(executableAt);
  return files.filter((file) => file !== undefined);
}

/** The order of execvp(3): a name with a slash is taken as it is, an empty entry of PATH is the working directory. */
function candidatePaths(command: string, env: Environment): string[] {
  if (command.includes("/")) return [command];
  const paths: string[] = [];
  for (const folder of (env("PATH") ?? defaultPath).split(system.pathSeparator)) {
    paths.push(folder ? `${folder}/${command}` : command);
  }
  return paths;
}

function executableAt(path: string): string | undefined {
  for (const ending of system.executableEndings) {
    if (system.files.isExecutable(path + ending)) return path + ending;
  }
  return undefined;
}
