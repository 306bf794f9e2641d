import { tell } from "./brand.ts";
import { runtime } from "./runtime/mod.ts";

/** Tells on stderr what telemetry does, if `GS_TELEMETRY_DEBUG` is `1`; otherwise nothing of it is seen. */
export function debug(text: string): void {
  if (runtime.env("GS_TELEMETRY_DEBUG") === "1") tell(text);
}
