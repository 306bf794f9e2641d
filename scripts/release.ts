/**
 * Writes what lies beside the binaries of a release: their checksums and a manifest.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Target } from "./targets.ts";

/** A file of a release, as the manifest describes it. */
export interface ReleaseFile {
  readonly file: string;
  readonly toolchain: Target["toolchain"];
  readonly os: Target["os"];
  readonly architecture: Target["architecture"];
  readonly libc?: Target["libc"];
  readonly variant?: string;
  /** In bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** Writes `SHA256SUMS`, in the format of sha256sum(1), and `manifest.json` into the folder of the binaries. */
export async function writeRelease(
  folder: string,
  tool: string,
  version: string,
  binaries: readonly { readonly target: Target; readonly file: string }[],
): Promise<void> {
  const files = await Promise.all(binaries.map(describe));
  const sums = files.map(({ sha256, file }) => `${sha256}  ${file}\n`).join("");
  await writeFile(join(folder, "SHA256SUMS"), sums);
  await writeFile(join(folder, "manifest.json"), `${JSON.stringify({ tool, version, files }, null, 2)}\n`);
}

async function describe({ target, file }: { target: Target; file: string }): Promise<ReleaseFile> {
  const { toolchain, os, architecture, libc, variant } = target;
  const { size } = await stat(file);
  return {
    file: basename(file),
    toolchain,
    os,
    architecture,
    libc,
    variant,
    size,
    sha256: await sha256(file),
  };
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
