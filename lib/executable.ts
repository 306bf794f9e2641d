import type { Environment } from "./consent.ts";
import { system } from "./system/mod.ts";

/** Where execvp(3) looks when PATH is unset. */
const defaultPath = "/bin:/usr/bin";

/** Finds the file that running this command would execute. */
export function findExecutable(command: string, env: Environment): string | undefined {
  return findExecutables(command, env).next().value ?? undefined;
}

/**
 * Finds all files that running this command could execute, in the order of execvp(3): a name with a
 * slash is taken as it is, an empty entry of PATH is the working directory.
 */
export function* findExecutables(command: string, env: Environment): Generator<string, void> {
  const { executableEndings, pathSeparator, files } = system;
  const hasFolder = command.includes("/");
  const folders = hasFolder ? [undefined] : (env("PATH") ?? defaultPath).split(pathSeparator);
  for (const folder of folders) {
    const path = folder ? `${folder}/${command}` : command;
    const ending = executableEndings.find((candidate) => files.isExecutable(path + candidate));
    if (ending !== undefined) yield path + ending;
  }
}
