/**
 * The rules of `ARCHITECTURE.md`, held against the module graph as Deno sees it, types included.
 *
 * @module
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const mostLines = 250;
const mostFiles = 3;

/** From the top floor down. A room uses rooms below it, and never one above. */
const rooms = [
  "commands",
  "library",
  "run",
  "report",
  "sink",
  "delivery",
  "profile",
  "signal",
  "consent",
  "directories",
  "system",
  // The files that lie directly in `lib/`.
  "",
  "runtime",
  "types",
];

/** The files that each file imports, by their paths below `lib/`. */
type Graph = ReadonlyMap<string, readonly string[]>;

interface Information {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly code?: { readonly specifier: string };
      readonly type?: { readonly specifier: string };
    }[];
  }[];
}

function readGraph(): Graph {
  const graph = new Map<string, string[]>();
  for (const entry of ["cli.ts", "mod.ts"]) {
    const output = execFileSync(process.execPath, ["info", "--json", entry], { cwd: root, encoding: "utf8" });
    const { modules }: Information = JSON.parse(output);
    for (const { specifier, dependencies = [] } of modules) {
      const path = pathInLib(specifier);
      const used = dependencies.map(({ code, type }) => pathInLib((code ?? type)?.specifier));
      if (path !== undefined) graph.set(path, used.filter((each) => each !== undefined));
    }
  }
  return graph;
}

function pathInLib(specifier = ""): string | undefined {
  return /\/lib\/(.*\.ts)$/.exec(specifier)?.[1];
}

function roomOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}

/** Lists the imports that lead from a room to one above it. */
function listClimbs(graph: Graph): string[] {
  const floor = (path: string) => rooms.indexOf(roomOf(path));
  return [...graph].flatMap(([path, used]) =>
    used.filter((other) => floor(other) < floor(path)).map((other) => `${path} -> ${other}`)
  );
}

/** Finds files that import each other, directly or through others. */
function findCircle(graph: Graph): string[] | undefined {
  const done = new Set<string>();
  const visit = (path: string, above: readonly string[]): string[] | undefined => {
    if (above.includes(path)) return [...above.slice(above.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const used of graph.get(path) ?? []) {
      const circle = visit(used, [...above, path]);
      if (circle) return circle;
    }
    done.add(path);
    return undefined;
  };
  for (const path of graph.keys()) {
    const circle = visit(path, []);
    if (circle) return circle;
  }
  return undefined;
}

test("listClimbs() and findCircle() notice an import that breaks the rules", () => {
  const climbing = new Map([["signal/signal.ts", ["runtime/mod.ts", "run/plan.ts"]]]);
  assert.deepEqual(listClimbs(climbing), ["signal/signal.ts -> run/plan.ts"]);
  const circle = new Map([["run/a.ts", ["run/b.ts"]], ["run/b.ts", ["run/c.ts"]], ["run/c.ts", [
    "run/b.ts",
  ]]]);
  assert.deepEqual(findCircle(circle), ["run/b.ts", "run/c.ts", "run/b.ts"]);
});

const isDeno = process.versions.deno !== undefined;

test("every file is in a room, no import climbs, and none goes round in a circle", {
  skip: isDeno ? false : "Deno reads the module graph",
}, () => {
  const graph = readGraph();
  assert.ok(graph.size > 80, `only ${graph.size} files were found`);
  for (const path of graph.keys()) assert.ok(rooms.includes(roomOf(path)), `${path} is in no room`);
  assert.deepEqual(listClimbs(graph), []);
  assert.equal(findCircle(graph), undefined);
});

test("files are short, and few lie outside of a room", () => {
  const lib = join(root, "lib");
  const entries = readdirSync(lib, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  for (const { parentPath, name } of entries) {
    const lines = readFileSync(join(parentPath, name), "utf8").split("\n").length - 1;
    assert.ok(lines <= mostLines, `${name} has ${lines} lines`);
  }
  const outside = entries.filter(({ parentPath }) => parentPath === lib);
  assert.ok(outside.length <= mostFiles, outside.map(({ name }) => name).join());
});
