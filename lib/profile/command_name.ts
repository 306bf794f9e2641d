/**
 * Names of commands as signals have them.
 *
 * @module
 */

import { type CommandTree, nameCommand } from "./name.ts";
import type { Profile } from "./profile.ts";

/**
 * Names a command line of a profile's tool, by words of the profile only.
 *
 * @param args The words after those that the profile matches.
 * @returns Nothing for what is not counted: help, completion, hidden commands.
 * @example
 * ```ts
 * import { builtInProfiles, commandName } from "@giantswarm/gs-telemetry";
 * import assert from "node:assert/strict";
 *
 * const [kubectlGs] = builtInProfiles;
 * assert.equal(commandName(kubectlGs, ["get", "cluster", "my-cluster"]), "kubectl gs get clusters");
 * assert.equal(commandName(kubectlGs, ["login", "--help"]), undefined);
 * ```
 */
export function commandName({ root, displayName }: Profile, args: readonly string[]): string | undefined {
  const name = nameCommand(root, args);
  return name.counted ? [displayName, ...name.words].join(" ") : undefined;
}

/**
 * Lists the names of all commands of a profile's tool: all that {@linkcode commandName} can give.
 *
 * @example
 * ```ts
 * import { builtInProfiles, commandNames, createTelemetry } from "@giantswarm/gs-telemetry";
 *
 * const [profile] = builtInProfiles;
 * const telemetry = createTelemetry({
 *   appID: "4539763B-A291-4835-B832-9BEB80CA7039",
 *   tool: profile.displayName,
 *   commands: commandNames(profile),
 * });
 * ```
 */
export function commandNames({ root, displayName }: Profile): string[] {
  return namesBelow(root, displayName);
}

function namesBelow({ counted, commands = [] }: CommandTree, name: string): string[] {
  if (counted === false) return [];
  return [name, ...commands.flatMap((command) => namesBelow(command, `${name} ${command.name}`))];
}
