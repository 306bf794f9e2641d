/**
 * The machine and the versions that figures were measured with.
 *
 * @module
 */

import { release } from "node:os";
import { bun, captureTool } from "../toolchains.ts";
import type { Peer } from "./peers.ts";

/** Names processor, kernel and versions in one line. */
export async function describeMachine(peers: readonly Peer[]): Promise<string> {
  const text = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  const processor = /^model name\s*:\s*(.*)$/m.exec(text)?.[1] ?? Deno.build.arch;
  const { stdout } = await captureTool([bun, "--version"]);
  const versions = peers.map(({ name, version }) => `${name} ${version}`);
  const runtimes = [`Deno ${Deno.version.deno}`, `Bun ${stdout.trim()}`];
  return [`${navigator.hardwareConcurrency} x ${processor}`, `Linux ${release()}`, ...runtimes, ...versions]
    .join(", ");
}
