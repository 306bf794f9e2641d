/**
 * Compiles the program to standalone binaries for this machine, with both toolchains, into `dist/`.
 * `deno task compile [bun|deno]`
 *
 * @module
 */

import { join } from "node:path";
import { bun, captureTool, root } from "./toolchains.ts";

type Outcome = { readonly compiled: true } | { readonly compiled: false; readonly reason: string };

// What the program needs and no more: native code to become the command, the rest for where that cannot be.
const permissions = ["env", "ffi", "net", "read", "run", "sys", "write"];

const denoArguments = [
  "compile",
  "--quiet",
  "--no-prompt",
  ...permissions.map((name) => `--allow-${name}`),
  "--bundle",
  "--minify",
];

// A working directory's `.env` and `bunfig.toml` are the command's business, not the wrapper's.
const bunArguments = [
  "build",
  "--compile",
  "--minify",
  "--bytecode",
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
];

const toolchains: Record<string, () => Promise<Outcome>> = {
  bun: () => compile([bun, ...bunArguments, "--outfile", binaryPath("bun"), "cli.ts"]),
  deno: () => compile([Deno.execPath(), ...denoArguments, "--output", binaryPath("deno"), "cli.ts"]),
};

/** Where a toolchain's binary lies. */
export function binaryPath(toolchain: string): string {
  return join(root, "dist", `gs-telemetry-${toolchain}`);
}

async function compile(command: readonly string[]): Promise<Outcome> {
  const { success, output } = await captureTool(command, { NO_COLOR: "1" });
  return success ? { compiled: true } : { compiled: false, reason: describeFailure(output) };
}

function describeFailure(output: string): string {
  if (/denort|dl\.deno\.land/.test(output) && Deno.env.get("DENORT_BIN") === undefined) {
    return "Deno's base binary could not be downloaded; set DENORT_BIN to a denort of this Deno's version";
  }
  return output.trim();
}

if (import.meta.main) {
  const wanted = Deno.args.length > 0 ? Deno.args : Object.keys(toolchains);
  for (const name of wanted) {
    const toolchain = toolchains[name];
    if (!toolchain) {
      console.error(`unknown toolchain '${name}'; there are ${Object.keys(toolchains).join(" and ")}`);
      Deno.exit(125);
    }
    const outcome = await toolchain();
    if (!outcome.compiled) {
      console.error(`${name}: ${outcome.reason}`);
      Deno.exitCode = 1;
      continue;
    }
    const { size } = await Deno.stat(binaryPath(name));
    console.log(`${name}: ${binaryPath(name)} (${(size / 1_000_000).toFixed(1)} MB)`);
  }
}
