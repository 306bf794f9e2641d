/**
 * The user's lasting choice: `settings.json` in the configuration directory, such as `{"telemetry":"off"}`.
 * Builds under another name share it, as they share the queue.
 *
 * @module
 */

import { type ConfigDirectory, findConfigDirectory } from "../directories/config_directory.ts";
import type { Environment } from "../runtime/runtime.ts";
import { type Change, system } from "../system/mod.ts";

/** What the user has chosen. */
export type Choice = "on" | "off";

/** What the settings file says. One that says nothing clear counts as off. */
export type Setting =
  | { readonly choice: "none" }
  | { readonly choice: Choice; readonly file: string; readonly fault?: string };

/** Reads the user's choice. */
export function readSetting(env: Environment): Setting {
  const file = findConfigDirectory(env)?.settings;
  if (file === undefined) return { choice: "none" };
  const found = system.files.readOptional(file);
  // A link to what is missing may have led to a refusal.
  if (found.kind === "missing" && system.files.linkTarget(file) === undefined) return { choice: "none" };
  if (found.kind !== "text") return { choice: "off", file, fault: "cannot be read" };
  const choice = parseSettings(found.text);
  return choice ? { choice, file } : { choice: "off", file, fault: "is not understood" };
}

/** Reads the text of a settings file. Returns `undefined` if it does not say `on` or `off`. */
export function parseSettings(text: string): Choice | undefined {
  try {
    const { telemetry } = JSON.parse(text);
    return telemetry === "on" || telemetry === "off" ? telemetry : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the settings file atomically. If it is a symbolic link, replaces the file behind it. */
export function writeSetting({ path, settings }: ConfigDirectory, choice: Choice): Change {
  const made = system.files.makeDirectories(path);
  if (!made.done) return made;
  const target = system.files.realPath(settings) ?? settings;
  return system.files.replace(target, `${JSON.stringify({ telemetry: choice })}\n`);
}
