/**
 * What the program says on standard error.
 *
 * @module
 */

import { brand } from "./brand.ts";
import { runtime } from "./runtime/mod.ts";
import { isSwitchedOn } from "./runtime/runtime.ts";

/** Writes one line that begins with the program's name. Newlines become spaces. */
export function tell(text: string): void {
  try {
    runtime.write(2, `${brand.name}: ${text.replaceAll("\n", " ")}\n`);
  } catch {
    // A full disk or a closed pipe must not change the command or an exit status.
  }
}

/** Reports whether `GS_TELEMETRY_DEBUG` is `1`. */
export function isDebugging(): boolean {
  return runtime.env("GS_TELEMETRY_DEBUG") === "1";
}

/** Reports whether `GS_TELEMETRY_DRY_RUN` asks to record and send nothing: any value but `0` and `false`. */
export function isDryRun(): boolean {
  return isSwitchedOn(runtime.env("GS_TELEMETRY_DRY_RUN"));
}

/**
 * Tells what telemetry does, if `GS_TELEMETRY_DEBUG` asks for it. A courier has no standard error: `flush` does
 * the same work in view of the user.
 *
 * @param text Lines without a password, token or salt.
 */
export function debug(text: string): void {
  if (!isDebugging()) return;
  for (const line of text.split("\n")) tell(line);
}
