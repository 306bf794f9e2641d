/**
 * What the program calls itself. A team's own build sets the name before the program starts, see
 * `scripts/entry.ts`.
 *
 * @module
 */

import manifest from "../deno.json" with { type: "json" };

/** The name of this build, in help and messages. */
export const brand: { name: string } = { name: "gs-telemetry" };

/** The version of gs-telemetry; `deno.json` is the one place that has it. */
export const version: string = manifest.version;
