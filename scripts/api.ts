/**
 * The library's public surface, as `deno doc --json` has it, without texts and places: what a change of it
 * would change for those who use the library. `deno task api` writes it down; a test holds it against that.
 *
 * @module
 */

import { join } from "node:path";
import { captureTool, root } from "./toolchains.ts";

/** The file that the surface is written to. */
export const apiFile: string = join(root, "tests/library/api.json");

/** A declaration, reduced to what its users depend on. */
export type Declaration = string | number | boolean | null | Declaration[] | { [key: string]: Declaration };

interface Documentation {
  readonly nodes: Readonly<
    Record<string, { readonly symbols: readonly { name: string; declarations: Declaration[] }[] }>
  >;
}

const leftOut = ["jsDoc", "location"];

/** Reads the public surface: the declarations of each export, by its name. */
export async function readApi(): Promise<Record<string, Declaration>> {
  const { success, stdout, output } = await captureTool([Deno.execPath(), "doc", "--json", "mod.ts"]);
  if (!success) throw new Error(output);
  const { nodes }: Documentation = JSON.parse(stdout);
  const symbols = Object.values(nodes).flatMap((node) => node.symbols)
    .toSorted((one, other) => one.name < other.name ? -1 : 1);
  return Object.fromEntries(symbols.map(({ name, declarations }) => [name, reduce(declarations)]));
}

/** Leaves out what says nothing, which releases of Deno write differently. */
function reduce(value: Declaration): Declaration {
  if (Array.isArray(value)) return value.map(reduce);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([key, part]) =>
    !leftOut.includes(key) && saysSomething(part)
  );
  return Object.fromEntries(entries.toSorted().map(([key, part]) => [key, reduce(part)]));
}

function saysSomething(value: Declaration): boolean {
  return value !== null && value !== false && !(Array.isArray(value) && value.length === 0);
}

if (import.meta.main) await Deno.writeTextFile(apiFile, `${JSON.stringify(await readApi(), null, 2)}\n`);
