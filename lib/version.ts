import manifest from "../deno.json" with { type: "json" };

/** The version of gs-telemetry; `deno.json` is the one place that has it. */
export const version: string = manifest.version;
