import { bunRuntime } from "./bun.ts";
import { denoRuntime } from "./deno.ts";
import { nodeRuntime } from "./node.ts";
import type { Runtime } from "./runtime.ts";

/** The runtime that this process runs on. */
export const runtime: Runtime = chooseRuntime();

declare const Bun: unknown;

/** The compilers are told what is not there, and leave out the others (`scripts/compile.ts`). */
function chooseRuntime(): Runtime {
  if (typeof Deno !== "undefined") return denoRuntime();
  return typeof Bun !== "undefined" ? bunRuntime() : nodeRuntime();
}
