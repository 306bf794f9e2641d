/**
 * What krew, kubectl's plugin manager, needs: an archive for each platform and a manifest
 * (https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest/).
 *
 * @module
 */

import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { create } from "tar";
import { stringify } from "yaml";
import { type Binary, sha256 } from "./release.ts";

interface Platform {
  readonly selector: { readonly matchLabels: { readonly os: string; readonly arch: string } };
  readonly uri: string;
  readonly sha256: string;
  readonly bin: string;
}

const homepage = "https://github.com/giantswarm/gs-telemetry";

const description =
  "Runs a command as if it had been run by itself and sends one small anonymous usage signal " +
  "about it to TelemetryDeck. Opt out with DO_NOT_TRACK=1 or GS_TELEMETRY_OPTOUT=1.";

/**
 * Writes the archives, the same bytes each time, and the manifest into the folder of the binaries.
 *
 * @param license The licence's file in that folder; krew wants it in every archive.
 */
export async function writeKrew(
  folder: string,
  version: string,
  binaries: readonly Binary[],
  license: string,
): Promise<void> {
  const platforms: Platform[] = [];
  for (const binary of binaries.filter(isForKrew)) {
    platforms.push(await writePlatform(folder, version, binary, license));
  }
  const manifest = {
    apiVersion: "krew.googlecontainertools.github.com/v1alpha2",
    kind: "Plugin",
    metadata: { name: "gs-telemetry" },
    spec: {
      version: `v${version}`,
      homepage,
      shortDescription: "Anonymous usage signals for any command",
      description,
      platforms,
    },
  };
  await writeFile(join(folder, "krew.yaml"), stringify(manifest));
}

/** krew knows one binary for an operating system and architecture: the one made with Bun, for glibc. */
function isForKrew({ target: { toolchain, libc, variant } }: Binary): boolean {
  return toolchain === "bun" && libc !== "musl" && variant === undefined;
}

async function writePlatform(
  folder: string,
  version: string,
  { target, file }: Binary,
  license: string,
): Promise<Platform> {
  const bin = basename(file);
  const archive = `${bin.replace(/\.exe$/, "")}.tar.gz`;
  const settings = {
    cwd: folder,
    file: join(folder, archive),
    gzip: true,
    mtime: new Date(0),
    portable: true,
  };
  await create(settings, [bin, license]);
  const arch = target.architecture === "x64" ? "amd64" : "arm64";
  return {
    selector: { matchLabels: { os: target.os, arch } },
    uri: `${homepage}/releases/download/v${version}/${archive}`,
    sha256: await sha256(join(folder, archive)),
    bin,
  };
}
