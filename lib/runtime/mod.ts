import { bunRuntime } from "./bun.ts";
import { denoRuntime } from "./deno.ts";
import type { Runtime } from "./runtime.ts";

/** The runtime that this process runs on. */
export const runtime: Runtime = "Deno" in globalThis ? denoRuntime() : bunRuntime();
