/**
 * The suites, in the order in which they start: what takes longest first.
 *
 * @module
 */

import { isThere } from "../toolchains.ts";
import { failed, type Outcome } from "./outcome.ts";
import {
  bunBinary,
  bunRun,
  type Compiled,
  denoBinary,
  denoRun,
  denoRunWithoutNativeCode,
  findNode,
  forProgram,
  linkInFrontOfEnv,
} from "./programs.ts";
import { type Bench, bunTests, check, denoTests, skip } from "./runner.ts";

/** A suite runs with `deno task test quick`, with `deno task test`, or only with `deno task test all`. */
export type Scope = "quick" | "usual" | "all";

/** Tests that run and count together. */
export interface Suite {
  readonly name: string;
  readonly scope: Scope;
  run(bench: Bench): Promise<Outcome>;
}

const unitTests = "tests/unit";
const releaseTests = "tests/release";
const endToEndTests = "tests/e2e";
const transparencyTests = "tests/e2e/transparency";
const libraryTests = "tests/library";
const serverTests = "tests/servers";
const windowsTests = "tests/windows";

const checks: readonly (readonly string[])[] = [
  ["check", "cli.ts", "mod.ts", "examples", "scripts", "tests"],
  ["check", "--doc", "mod.ts", "lib", "README.md", "docs/library.md"],
  ["publish", "--dry-run", "--allow-dirty"],
  ["lint"],
  ["fmt", "--check"],
  ["doc", "--lint", "mod.ts"],
];

const parallel = true;

/** All suites. */
export const suites: readonly Suite[] = [
  ...checks.map((words): Suite => ({
    name: `check: deno ${words.join(" ")}`,
    scope: "quick",
    run: (bench) => check(words, bench),
  })),
  { name: "unit: deno", scope: "quick", run: (bench) => denoTests(unitTests, bench, { parallel }) },
  { name: "unit: bun", scope: "quick", run: (bench) => bunTests(unitTests, bench, { parallel }) },
  {
    name: "end to end: deno run",
    scope: "all",
    run: (bench) => denoTests(endToEndTests, bench, { parallel, env: forProgram(denoRun) }),
  },
  {
    name: "end to end: bun run",
    scope: "all",
    run: (bench) => bunTests(endToEndTests, bench, { parallel, env: forProgram(bunRun) }),
  },
  { name: "end to end: deno binary", scope: "usual", run: testDenoBinary },
  { name: "end to end: bun binary", scope: "usual", run: testBunBinary },
  {
    name: "transparency: deno run without native code",
    scope: "all",
    run: (bench) =>
      denoTests(transparencyTests, bench, { parallel, env: forProgram(denoRunWithoutNativeCode) }),
  },
  { name: "transparency: a link to the bun binary", scope: "usual", run: testLink },
  { name: "library: node", scope: "usual", run: testNode },
  { name: "library: deno", scope: "usual", run: (bench) => denoTests(libraryTests, bench, { parallel }) },
  { name: "library: bun", scope: "usual", run: (bench) => bunTests(libraryTests, bench, { parallel }) },
  // Its files compile, with directories in `dist` that they share.
  { name: "release: deno", scope: "usual", run: (bench) => denoTests(releaseTests, bench) },
  { name: "servers: bun binary", scope: "all", run: testServers },
  { name: "windows: bun binary under Wine", scope: "all", run: testWindows },
];

/** Why a program is not there decides how a suite counts: what should be there has failed. */
async function testBunBinary(bench: Bench): Promise<Outcome> {
  const compiled = await bunBinary();
  if ("program" in compiled) {
    return await bunTests(endToEndTests, bench, { parallel, env: forProgram(compiled.program) });
  }
  bench.log(`${compiled.failure}\n`);
  return failed;
}

async function testLink(bench: Bench): Promise<Outcome> {
  return await testIfThere(await bunBinary(), bench, (program) => {
    const env = forProgram(linkInFrontOfEnv(program));
    return bunTests(transparencyTests, bench, { parallel, env });
  });
}

async function testDenoBinary(bench: Bench): Promise<Outcome> {
  return await testIfThere(
    await denoBinary(),
    bench,
    (program) => denoTests(endToEndTests, bench, { parallel, env: forProgram(program) }),
  );
}

async function testNode(bench: Bench): Promise<Outcome> {
  return await testIfThere(
    await findNode(),
    bench,
    (program) => denoTests(libraryTests, bench, { parallel, env: { TEST_RUNTIME: JSON.stringify(program) } }),
  );
}

async function testServers(bench: Bench): Promise<Outcome> {
  if (!isThere(serverTests)) return skip(`there is no ${serverTests}`, bench);
  return await testIfThere(
    await bunBinary(),
    bench,
    (program) => bunTests(serverTests, bench, { env: forProgram(program) }),
  );
}

async function testWindows(bench: Bench): Promise<Outcome> {
  if (!isThere(windowsTests)) return skip(`there is no ${windowsTests}`, bench);
  return await denoTests(windowsTests, bench);
}

async function testIfThere(
  compiled: Compiled,
  bench: Bench,
  test: (program: readonly string[]) => Promise<Outcome>,
): Promise<Outcome> {
  return "failure" in compiled ? skip(compiled.failure, bench) : await test(compiled.program);
}

/**
 * Chooses suites by the words of a command line: none for the usual ones, `quick`, `all`, or parts of names.
 *
 * @throws {Error} If no suite has one of the words in its name.
 */
export function chooseSuites(words: readonly string[]): readonly Suite[] {
  const [word] = words;
  const scopes: Record<string, readonly Scope[]> = {
    usual: ["quick", "usual"],
    quick: ["quick"],
    all: ["quick", "usual", "all"],
  };
  const scope = words.length === 0 ? scopes.usual : words.length === 1 ? scopes[word] : undefined;
  if (scope) return suites.filter((suite) => scope.includes(suite.scope));
  const chosen = suites.filter(({ name }) => words.some((part) => name.includes(part)));
  if (chosen.length > 0) return chosen;
  const names = suites.map(({ name }) => `  ${name}`).join("\n");
  throw new Error(
    `no suite has '${words.join("' or '")}' in its name; give quick, all or a part of:\n${names}`,
  );
}
