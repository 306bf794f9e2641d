import { bunRuntime } from "./bun.ts";
import { denoRuntime } from "./deno.ts";
import { nodeRuntime } from "./node.ts";
import type { Runtime } from "./runtime.ts";

/** The runtime that this process runs on. */
export const runtime: Runtime = chooseRuntime();

/** The compilers are told what it is, and leave out the others (`scripts/compile.ts`). */
function chooseRuntime(): Runtime {
  return process.versions.deno !== undefined
    ? denoRuntime()
    : process.versions.bun !== undefined
    ? bunRuntime()
    : nodeRuntime();
}
