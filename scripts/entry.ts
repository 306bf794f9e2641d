/**
 * Writes the first module of a team's own build: it sets the brand, then starts the program.
 *
 * @module
 */

import { join } from "node:path";
import { readProfile } from "../lib/profile/file.ts";
import type { Profile } from "../lib/profile/profile.ts";
import { root } from "./toolchains.ts";

/** What makes a build a team's own. */
export interface Branding {
  /** What the program calls itself. */
  readonly name: string;
  /** The file of the profile that is built in. */
  readonly profile?: string;
}

/** Where the modules of a build are written; within the checkout, so that its settings hold for them. */
const folder = join(root, "dist/entry");

/**
 * Writes the modules and gives the path of the first.
 *
 * @throws {UsageError} If the profile cannot be read or is wrong.
 */
export async function writeEntry({ name, profile }: Branding): Promise<string> {
  const setBrand = `import { brand } from "../../lib/brand.ts";
import { builtInCandidates } from "../../lib/profile/built_in/mod.ts";
brand.name = ${JSON.stringify(name)};
${profile === undefined ? "" : addProfile(readProfile(profile).load([]))}`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(join(folder, "brand.ts"), setBrand);
  // In chunks, modules are not evaluated in the order of static imports.
  const path = join(folder, "cli.ts");
  await Deno.writeTextFile(path, 'import "./brand.ts";\nimport("../../cli.ts");\n');
  return path;
}

/** The whole profile is read only when it is used: a tool may have thousands of commands. */
function addProfile(profile: Profile): string {
  const { name, match } = profile;
  const claim = JSON.stringify({ name, source: "built in", match });
  return `builtInCandidates.unshift({ ...${claim}, load: () => JSON.parse(${
    JSON.stringify(JSON.stringify(profile))
  }) });\n`;
}
