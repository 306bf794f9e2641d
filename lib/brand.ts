/**
 * What a team's own build says of itself: its name and its profiles. A build of one's own sets it before
 * the program starts, see `scripts/entry.ts`.
 *
 * @module
 */

import type { Candidate } from "./profile/profile.ts";
import { runtime } from "./runtime/mod.ts";

/** The name in help and messages, and the profiles that come with the program. */
export interface Brand {
  name: string;
  readonly profiles: Candidate[];
}

/** The brand of this build. */
export const brand: Brand = { name: "gs-telemetry", profiles: [] };

/** Tells the user something on stderr, in one line that says who speaks, as far as anybody reads it. */
export function tell(text: string): void {
  try {
    runtime.write(2, `${brand.name}: ${text.replaceAll("\n", " ")}\n`);
  } catch {
    // A full disk or a reader that has gone must not change the command, or an exit status.
  }
}
