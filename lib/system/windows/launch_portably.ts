import { runtime } from "../../runtime/mod.ts";
import { attemptLaunch } from "../portable/launch.ts";
import type { Files, LaunchEnd } from "../system.ts";
import { findInvocation } from "./invocation.ts";

/** Runs a command in the foreground, without native code. */
export async function launchPortably(
  files: Files,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<LaunchEnd> {
  const found = findInvocation(files, command, runtime.env);
  if (found.kind === "failed") return found;
  const { file, commandLine } = found;
  // The first word is written by the runtime.
  const rest = commandLine.slice(/^(?:"[^"]*"|[^ ])+ ?/.exec(commandLine)?.[0].length);
  return await attemptLaunch(variables, [], () => runtime.startVerbatim(file, rest));
}
