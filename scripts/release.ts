/**
 * Writes what lies beside the binaries of a release: the installer, what krew needs, the checksums of all
 * of them, and a manifest.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, readdir, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { writeKrew } from "./krew.ts";
import type { Target } from "./targets.ts";
import { projectName, root } from "./toolchains.ts";

/** A binary that was made. */
export interface Binary {
  readonly target: Target;
  readonly file: string;
}

/** A file of a release, as the manifest describes it. */
interface ReleaseFile extends Omit<Target, "triple"> {
  readonly file: string;
  /** In bytes. */
  readonly size: number;
  readonly sha256: string;
}

const checksums = "SHA256SUMS";

/** Completes the folder of a release, in which the binaries lie already. */
export async function writeRelease(
  folder: string,
  tool: string,
  version: string,
  binaries: readonly Binary[],
): Promise<void> {
  const files = await Promise.all(binaries.map(describe));
  await writeFile(join(folder, "manifest.json"), `${JSON.stringify({ tool, version, files }, null, 2)}\n`);
  await copyFile(join(root, "LICENSE"), join(folder, "LICENSE"));
  if (tool === projectName) await writeWaysToInstall(folder, version, binaries);
  await writeChecksums(folder);
}

/** Not for a team's own build, which is found elsewhere under another name. */
async function writeWaysToInstall(
  folder: string,
  version: string,
  binaries: readonly Binary[],
): Promise<void> {
  await copyFile(join(root, "scripts/install.sh"), join(folder, "install.sh"));
  await writeKrew(folder, version, binaries, "LICENSE");
}

async function describe({ target: { triple: _, ...target }, file }: Binary): Promise<ReleaseFile> {
  return { file: basename(file), ...target, size: (await stat(file)).size, sha256: await sha256(file) };
}

/** In the format of sha256sum(1). */
async function writeChecksums(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name !== checksums).sort();
  const lines: string[] = [];
  for (const name of names) lines.push(`${await sha256(join(folder, name))}  ${name}\n`);
  await writeFile(join(folder, checksums), lines.join(""));
}

/** The SHA-256 of a file, in lower-case hex. */
export async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
