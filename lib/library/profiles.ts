/**
 * Profiles for tools that count their own commands: the built-in ones, and the names that a profile gives.
 *
 * @module
 */

import { builtInCandidates } from "../profile/built_in/mod.ts";
import { type CommandTree, nameCommand } from "../profile/name.ts";
import type { Profile } from "../profile/profile.ts";

/** The profiles that come with the program, whole. */
export const builtInProfiles: readonly Profile[] = builtInCandidates.map(({ load }) => load([]));

/**
 * Names a command line of a profile's tool, by words of the profile only.
 *
 * @param args The words after those that the profile matches.
 * @returns `undefined` for what is not counted: help, completion, hidden commands.
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
 * Lists the names of all commands of a profile's tool: all that {@linkcode commandName} can return.
 *
 * @example
 * ```ts
 * import { builtInProfiles, commandNames, createTelemetry } from "@giantswarm/gs-telemetry";
 *
 * const [profile] = builtInProfiles;
 * const telemetry = await createTelemetry({
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
