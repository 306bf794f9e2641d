import { tell } from "./brand.ts";
import { runtime } from "./runtime/mod.ts";

/** Whether `GS_TELEMETRY_DEBUG` is `1`. */
export function isDebugging(): boolean {
  return runtime.env("GS_TELEMETRY_DEBUG") === "1";
}

/**
 * Tells on stderr what telemetry does, if that is asked for; otherwise nothing of it is seen. The courier's
 * own stderr leads nowhere: what it does is seen with `flush`.
 *
 * @param text Lines without a password, token or salt.
 */
export function debug(text: string): void {
  if (!isDebugging()) return;
  for (const line of text.split("\n")) tell(line);
}
