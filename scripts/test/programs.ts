/**
 * The programs under test: the source on a runtime, and the binaries, which are compiled when a suite first
 * needs them.
 *
 * @module
 */

import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { hostBinary } from "../compile.ts";
import { bun, captureTool, root } from "../toolchains.ts";

/** A program is there, or a reason why it is not. */
export type Compiled = { readonly program: readonly string[] } | { readonly failure: string };

// The newest Deno whose compiler writes what the base binary for tests can read; see `denortScript`.
const compilingDeno = "deno@2.8.3";
const denortScript = join(root, "../shared/denort/prepare");
const oldestNode = "node@22";
const cli = join(root, "cli.ts");
const withoutNativeCode = ["env", "net", "read", "run", "sys", "write"].map((name) => `--allow-${name}`);

/** The source on Deno. */
export const denoRun: readonly string[] = fromSource(["--allow-all"]);
/** The source on Deno where a command cannot take the process over. */
export const denoRunWithoutNativeCode: readonly string[] = fromSource(withoutNativeCode);
/** The source on Bun. */
export const bunRun: readonly string[] = [bun, "run", "--no-env-file", cli];

function fromSource(permissions: readonly string[]): string[] {
  return [Deno.execPath(), "run", "--quiet", "--no-prompt", ...permissions, cli];
}

/** Tells the tests which program they are of. */
export function forProgram(program: readonly string[]): Record<string, string> {
  return { TEST_PROGRAM: JSON.stringify(program) };
}

const compile = ["run", "--allow-all", "scripts/compile.ts"];

/** The binary made with Bun. */
export const bunBinary: () => Promise<Compiled> = once(async () => {
  const { success, output } = await captureTool([Deno.execPath(), ...compile, "bun"]);
  return success ? { program: [hostBinary("bun")] } : { failure: output.trim() };
});

/** The binary made with Deno. */
export const denoBinary: () => Promise<Compiled> = once(async () => {
  const own = await captureTool([Deno.execPath(), ...compile, "deno"]);
  if (own.success) return { program: [hostBinary("deno")] };
  if (!existsSync(denortScript)) {
    return { failure: `${own.output.trim()}, and there is no ${denortScript}` };
  }
  const denort = await captureTool(["bash", denortScript]);
  const variables = { DENORT_BIN: denort.stdout.trim() };
  const { success, output } = await captureTool(
    ["npx", "--yes", compilingDeno, ...compile, "deno"],
    variables,
  );
  return success ? { program: [hostBinary("deno")] } : { failure: output.trim() };
});

/** A link to a binary in front of env(1), of which `tests/helpers/way.ts` says what it is good for. */
export function linkInFrontOfEnv([program]: readonly string[]): readonly string[] {
  // The name of the directory tells the tests which binary it is.
  const directory = join(root, `dist/link-${program.slice(program.lastIndexOf("-") + 1)}`);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  symlinkSync(program, join(directory, "env"));
  return [join(directory, "env")];
}

/** The oldest Node.js that the library runs on. */
export async function findNode(): Promise<Compiled> {
  const print = ["node", "-p", "process.execPath"];
  const node = await captureTool(["npx", "--yes", `--package=${oldestNode}`, "--", ...print]);
  return node.success ? { program: [node.stdout.trim()] } : { failure: node.output.trim() };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => made ??= make();
}
