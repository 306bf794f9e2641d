/**
 * The user's lasting choice, in the configuration directory: `settings.json`, such as
 * `{"telemetry":"off"}`. Builds under another name share it, as they share the queue.
 *
 * @module
 */

import type { Environment } from "./consent.ts";
import { configDirectory } from "../directories/paths.ts";
import { system } from "../system/mod.ts";

/** What the user has chosen. */
export type Choice = "on" | "off";

/** What the settings file says; one that says nothing clear counts as off. */
export type Setting =
  | { readonly choice: "none" }
  | { readonly choice: Choice; readonly file: string; readonly fault?: string };

/** The settings file; nothing where the user has no home. */
export function settingsFile(env: Environment): string | undefined {
  const folder = configDirectory(env);
  return folder && `${folder}/settings.json`;
}

/** Reads the user's choice. */
export function readSetting(env: Environment): Setting {
  const file = settingsFile(env);
  if (file === undefined) return { choice: "none" };
  const found = system.files.readOptional(file);
  // A link to what is missing may have led to a refusal.
  if (found.kind === "missing" && system.files.linkTarget(file) === undefined) return { choice: "none" };
  if (found.kind !== "text") return { choice: "off", file, fault: "cannot be read" };
  const choice = parseSettings(found.text);
  return choice ? { choice, file } : { choice: "off", file, fault: "is not understood" };
}

/** Reads the text of a settings file; gives nothing where it does not say `on` or `off`. */
export function parseSettings(text: string): Choice | undefined {
  try {
    const { telemetry } = JSON.parse(text);
    return telemetry === "on" || telemetry === "off" ? telemetry : undefined;
  } catch {
    return undefined;
  }
}
