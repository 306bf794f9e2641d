/**
 * Prints the changelog's section of a version, for its release.
 * `deno task release-notes v0.1.0` fails if that is not the version of this source.
 *
 * @module
 */

import { join } from "node:path";
import { version } from "../lib/brand.ts";
import { root } from "./toolchains.ts";

/** Gives the text below a version's heading, or nothing if the changelog has none. */
export function changesOf(changelog: string, wanted: string): string | undefined {
  const section = changelog.split(/^## /m).slice(1).find((text) => text.split("\n", 1)[0].trim() === wanted);
  return section?.slice(section.indexOf("\n")).trim();
}

if (import.meta.main) {
  const [tag] = Deno.args;
  const changes = changesOf(await Deno.readTextFile(join(root, "CHANGELOG.md")), version);
  if (tag !== `v${version}`) {
    console.error(`the tag is ${tag} but this is version ${version}`);
    Deno.exit(1);
  }
  if (!changes) {
    console.error(`CHANGELOG.md says nothing of ${version}`);
    Deno.exit(1);
  }
  console.log(changes);
}
