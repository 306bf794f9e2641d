/**
 * Writes the first module of a team's own build: it sets the brand, then starts the program.
 *
 * @module
 */

import { join } from "node:path";
import type { Candidate } from "../lib/profile/profile.ts";
import type { Branding } from "./branding.ts";
import { root } from "./toolchains.ts";

/** Where the modules of a build are written; within the checkout, so that its settings hold for them. */
const folder = join(root, "dist/entry");

/** Writes the modules and returns the path of the first. */
export async function writeEntry({ profiles, ...own }: Branding): Promise<string> {
  const setBrand = `import { brand } from "../../lib/brand.ts";
import { builtInCandidates } from "../../lib/profile/built_in/mod.ts";
Object.assign(brand, ${JSON.stringify(own)});
${profiles.map(addProfile).join("")}`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(join(folder, "brand.ts"), setBrand);
  // In chunks, modules are not evaluated in the order of static imports.
  const path = join(folder, "cli.ts");
  await Deno.writeTextFile(path, 'import "./brand.ts";\nimport("../../cli.ts");\n');
  return path;
}

/** The whole profile is read only when it is used: a tool may have thousands of commands. */
function addProfile({ name, source, origin, match, load }: Candidate): string {
  const claim = JSON.stringify({ name, source, origin, match });
  return `builtInCandidates.push({ ...${claim}, load: () => JSON.parse(${
    JSON.stringify(JSON.stringify(load([])))
  }) });\n`;
}
