/**
 * A link in front of a tool, for tests.
 *
 * @module
 */

import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { program, type World } from "./harness.ts";

/** Why the program under test cannot be linked to; false if it can. */
export const noLink: string | false = program.length === 1
  ? false
  : "the source has no file of its own to link to";

/** Installs a tool that shows its arguments and ends with status 7. Returns its path. */
export function installTool(world: World, name: string): string {
  const path = join(world.bin, name);
  writeFileSync(path, `#!/bin/sh\necho "${name} (real): $*"\necho "to stderr" >&2\nexit 7\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Puts the program in front of a tool. Returns the PATH on which it stands there. */
export function placeLink(
  world: World,
  name: string,
  place = symlinkSync as (from: string, to: string) => void,
) {
  const folder = join(world.home, "links");
  mkdirSync(folder, { recursive: true });
  place(program[0], join(folder, name));
  return [folder, world.bin, process.env.PATH].join(delimiter);
}

/** Writes a file into the user's directory of profiles. Returns its path. */
export function writeProfile(world: World, file: string, content: unknown): string {
  const folder = join(world.home, ".config/gs-telemetry/profiles");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, file);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}
