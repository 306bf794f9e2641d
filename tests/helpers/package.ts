/**
 * The library as a package of JavaScript files, as a registry makes one for Bun and Node.js.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { bun, root } from "../../scripts/toolchains.ts";

/** The package's name. */
export const packageName = "@giantswarm/gs-telemetry";

const packages = join(root, "dist/packages");

/**
 * Makes the package, unless it is there: its directory is named after the source's hash, so that test files
 * that run at the same time share it.
 *
 * @returns The directory that has it in its `node_modules`.
 */
export function makePackage(): string {
  const sources = ["mod.ts", ...globSync("lib/**/*.ts", { cwd: root }).sort()];
  const home = join(packages, hashOf(["deno.json", ...sources]));
  if (existsSync(home)) return home;
  mkdirSync(packages, { recursive: true });
  const draft = mkdtempSync(join(packages, "draft-"));
  build(sources, join(draft, "node_modules", packageName));
  symlinkSync(join(root, "node_modules/commander"), join(draft, "node_modules/commander"));
  try {
    renameSync(draft, home);
  } catch {
    rmSync(draft, { recursive: true }); // another process was faster
  }
  return home;
}

function hashOf(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest("hex").slice(0, 16);
}

/** Strips the types from the source, and calls its files what they are then. */
function build(sources: readonly string[], folder: string): void {
  const words = ["build", "--no-bundle", "--target=node", "--root=.", `--outdir=${folder}`, ...sources];
  execFileSync(bun, words, { cwd: root, stdio: "ignore" });
  for (const file of globSync("**/*.js", { cwd: folder })) {
    const path = join(folder, file);
    writeFileSync(path, asJavaScript(readFileSync(path, "utf8")));
  }
  cpSync(join(root, "deno.json"), join(folder, "deno.json"));
  const description = { name: packageName, version: "0.0.0", type: "module", exports: "./mod.js" };
  writeFileSync(join(folder, "package.json"), JSON.stringify(description));
}

function asJavaScript(code: string): string {
  return code
    .replaceAll(/(from |import\()"(\.[^"]*)\.ts"/g, '$1"$2.js"')
    .replaceAll(/(from "[^"]*\.json");/g, '$1 with { type: "json" };');
}
