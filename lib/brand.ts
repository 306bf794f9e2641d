/**
 * What a team's own build says of itself: its name and its profiles. A build of one's own sets it before
 * the program starts, see `scripts/entry.ts`.
 *
 * @module
 */

import type { Profile } from "./profile.ts";

/** The name in help and messages, and the profiles that come with the program. */
export interface Brand {
  name: string;
  readonly profiles: Profile[];
}

/** The brand of this build. */
export const brand: Brand = { name: "gs-telemetry", profiles: [] };
