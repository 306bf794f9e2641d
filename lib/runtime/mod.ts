import { bunRuntime } from "./bun.ts";
import { denoRuntime } from "./deno.ts";
import { nodeRuntime } from "./node.ts";
import type { Runtime } from "./runtime.ts";

/** The runtime that this process runs on. */
export const runtime: Runtime = chooseRuntime();

function chooseRuntime(): Runtime {
  if ("Deno" in globalThis) return denoRuntime();
  return "Bun" in globalThis ? bunRuntime() : nodeRuntime();
}
