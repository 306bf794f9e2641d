import type { Environment } from "../runtime/runtime.ts";

/** Where execvp(3) looks when PATH is unset. */
const defaultPath = "/bin:/usr/bin";

/** The order of execvp(3): a name with a slash is taken as it is, an empty entry of PATH is the working directory. */
export function searchPath(command: string, env: Environment): string[] {
  if (command.includes("/")) return [command];
  const paths: string[] = [];
  for (const folder of (env("PATH") ?? defaultPath).split(":")) {
    paths.push(folder ? `${folder}/${command}` : command);
  }
  return paths;
}
