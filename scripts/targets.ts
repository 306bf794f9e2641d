/**
 * The platforms that binaries are made for.
 *
 * @module
 */

import { UsageError } from "../lib/usage_error.ts";

/** A kind of executable file. */
export type BinaryFormat = "elf" | "mach-o" | "pe";

/** One binary of a release. */
export interface Target {
  readonly toolchain: "bun" | "deno";
  readonly os: "linux" | "darwin" | "windows";
  readonly architecture: "x64" | "arm64";
  /** The C library, on Linux; `gnu` needs glibc. */
  readonly libc?: "gnu" | "musl";
  /** A further word of the name, where there are two for a platform. */
  readonly variant?: string;
  /** What the toolchain's compiler calls the platform. */
  readonly triple: string;
}

/** Every binary of a release, as far as the toolchains can make them. */
export const targets: readonly Target[] = [
  { toolchain: "bun", os: "linux", architecture: "x64", libc: "gnu", triple: "bun-linux-x64" },
  {
    toolchain: "bun",
    os: "linux",
    architecture: "x64",
    libc: "gnu",
    variant: "baseline",
    triple: "bun-linux-x64-baseline",
  },
  { toolchain: "bun", os: "linux", architecture: "arm64", libc: "gnu", triple: "bun-linux-arm64" },
  { toolchain: "bun", os: "linux", architecture: "x64", libc: "musl", triple: "bun-linux-x64-musl" },
  { toolchain: "bun", os: "linux", architecture: "arm64", libc: "musl", triple: "bun-linux-arm64-musl" },
  { toolchain: "bun", os: "darwin", architecture: "x64", triple: "bun-darwin-x64" },
  { toolchain: "bun", os: "darwin", architecture: "arm64", triple: "bun-darwin-arm64" },
  { toolchain: "bun", os: "windows", architecture: "x64", triple: "bun-windows-x64" },
  { toolchain: "bun", os: "windows", architecture: "arm64", triple: "bun-windows-arm64" },
  { toolchain: "deno", os: "linux", architecture: "x64", libc: "gnu", triple: "x86_64-unknown-linux-gnu" },
  { toolchain: "deno", os: "linux", architecture: "arm64", libc: "gnu", triple: "aarch64-unknown-linux-gnu" },
  { toolchain: "deno", os: "darwin", architecture: "x64", triple: "x86_64-apple-darwin" },
  { toolchain: "deno", os: "darwin", architecture: "arm64", triple: "aarch64-apple-darwin" },
  { toolchain: "deno", os: "windows", architecture: "x64", triple: "x86_64-pc-windows-msvc" },
  { toolchain: "deno", os: "windows", architecture: "arm64", triple: "aarch64-pc-windows-msvc" },
];

/** The kind of executable file that a target's system runs. */
export function binaryFormat({ os }: Target): BinaryFormat {
  return os === "linux" ? "elf" : os === "darwin" ? "mach-o" : "pe";
}

/** A release's file name: tool, version, toolchain, operating system, architecture, C library. */
export function binaryName(tool: string, version: string, target: Target): string {
  const { toolchain, os, architecture, libc, variant } = target;
  const words = [tool, version, toolchain, os, architecture, libc, variant].filter((word) =>
    word !== undefined
  );
  return `${words.join("-")}${os === "windows" ? ".exe" : ""}`;
}

/**
 * Finds a target by what its compiler calls it.
 *
 * @throws {UsageError} If there is none.
 */
export function findTarget(triple: string): Target {
  const target = targets.find((each) => each.triple === triple);
  if (target) return target;
  const known = targets.map((each) => each.triple).join(", ");
  throw new UsageError(`unknown target '${triple}'; there are ${known}`);
}

/** The name of a single binary for another platform, outside of a release. */
export function crossName(tool: string, { triple, os }: Target): string {
  return `${tool}-${triple}${os === "windows" ? ".exe" : ""}`;
}
