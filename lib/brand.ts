/**
 * What the program calls itself, and what else a team's own build brings along. Such a build sets it before the
 * program starts, see `scripts/entry.ts`.
 *
 * @module
 */

import manifest from "../deno.json" with { type: "json" };

/** Where a build takes the salt of user hashes from. The salt itself is in no build: anyone could read it there. */
export type SaltSource =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "file"; readonly path: string };

/** What makes a build a team's own, besides its profiles. */
export interface Brand {
  /** The name of this build, in help and messages. */
  name: string;
  /** The ingest server, if nobody says otherwise. */
  endpoint?: string;
  /** The namespace, if nobody says otherwise. */
  namespace?: string;
  salt?: SaltSource;
}

/** The brand of this build. */
export const brand: Brand = { name: "gs-telemetry" };

/** The version of gs-telemetry; `deno.json` is the one place that has it. */
export const version: string = manifest.version;
