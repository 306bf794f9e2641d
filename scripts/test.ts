/**
 * Runs every test: static checks, then the unit tests on Deno and on Bun, then the end-to-end tests
 * once for each way to run the program. Ends with one line for all of them.
 * `deno task test [WORD…]` runs the suites whose name has one of the words.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { hostBinary } from "./compile.ts";
import { bun, captureTool, root, runTool } from "./toolchains.ts";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** What to tell of each failure at the end, below all other output. */
  failures?: readonly string[];
}

interface Suite {
  readonly name: string;
  run(): Promise<Counts>;
}

// The newest Deno whose compiler writes what the base binary for tests can read; see `prepareDenort`.
const compilingDeno = "deno@2.8.3";
const denortScript = join(root, "../shared/denort/prepare");

const unitTests = "tests/unit";
const releaseTests = "tests/release";
const endToEndTests = "tests/e2e";
const libraryTests = "tests/library";
const transparencyTests = "tests/e2e/transparency";
const cli = join(root, "cli.ts");
const longestFailure = 2_000;
const oldestNode = "node@22";
const withoutNativeCode = ["env", "net", "read", "run", "sys", "write"].map((name) => `--allow-${name}`);

const checks: readonly (readonly string[])[] = [
  ["fmt", "--check"],
  ["lint"],
  ["check", "cli.ts", "mod.ts", "examples", "scripts", "tests"],
  ["check", "--doc", "mod.ts", "lib", "README.md", "docs/library.md"],
  ["doc", "--lint", "mod.ts"],
  ["publish", "--dry-run", "--allow-dirty"],
];

const suites: readonly Suite[] = [
  ...checks.map((words) => ({ name: `check: deno ${words.join(" ")}`, run: () => check(words) })),
  { name: "unit: deno", run: () => denoTests(unitTests) },
  { name: "unit: bun", run: () => bunTests(unitTests) },
  { name: "release: deno", run: () => denoTests(releaseTests) },
  {
    name: "end to end: deno run",
    run: () =>
      denoTests(
        endToEndTests,
        forProgram([Deno.execPath(), "run", "--quiet", "--no-prompt", "--allow-all", cli]),
      ),
  },
  {
    name: "end to end: bun run",
    run: () => bunTests(endToEndTests, forProgram([bun, "run", "--no-env-file", cli])),
  },
  {
    name: "transparency: deno run without native code",
    run: () =>
      denoTests(
        transparencyTests,
        forProgram([Deno.execPath(), "run", "--quiet", "--no-prompt", ...withoutNativeCode, cli]),
      ),
  },
  { name: "library: deno", run: () => denoTests(libraryTests) },
  { name: "library: bun", run: () => bunTests(libraryTests) },
  { name: "library: node", run: testNode },
  { name: "end to end: bun binary", run: testBunBinary },
  { name: "end to end: deno binary", run: testDenoBinary },
];

/** Tells the tests which program they are of. */
function forProgram(program: readonly string[]): Record<string, string> {
  return { TEST_PROGRAM: JSON.stringify(program) };
}

async function check(words: readonly string[]): Promise<Counts> {
  const { success, output } = await captureTool([Deno.execPath(), ...words], { NO_COLOR: "1" });
  if (!success) console.log(output);
  return { passed: success ? 1 : 0, failed: success ? 0 : 1, skipped: 0 };
}

function denoTests(folder: string, env?: Readonly<Record<string, string>>): Promise<Counts> {
  return countedTests((report) => [
    Deno.execPath(),
    "test",
    "--quiet",
    "--no-check",
    "--allow-all",
    `--junit-path=${report}`,
    folder,
  ], env);
}

function bunTests(folder: string, env?: Readonly<Record<string, string>>): Promise<Counts> {
  return countedTests(
    (report) => [bun, "test", "--timeout=300000", "--reporter=junit", `--reporter-outfile=${report}`, folder],
    env,
  );
}

async function countedTests(
  command: (report: string) => readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Counts> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const succeeded = await runTool(command(report), env);
    const counts = readReport(await Deno.readTextFile(report));
    // A run that breaks down outside of its tests has failed too.
    return succeeded || counts.failed > 0 ? counts : { ...counts, failed: 1 };
  } finally {
    await Deno.remove(report);
  }
}

/** Counts the test cases of a report in JUnit's format. */
function readReport(xml: string): Counts {
  const cases = xml.match(/<testcase\b[^>]*?(\/>|>[\s\S]*?<\/testcase>)/g) ?? [];
  const failures = cases.filter((text) => /<(failure|error)\b/.test(text));
  const failed = failures.length;
  const skipped = cases.filter((text) => /<skipped\b/.test(text)).length;
  return {
    passed: cases.length - failed - skipped,
    failed,
    skipped,
    failures: failures.map((text) => text.slice(0, longestFailure)),
  };
}

async function testNode(): Promise<Counts> {
  const print = ["node", "-p", "process.execPath"];
  const node = await captureTool(["npx", "--yes", `--package=${oldestNode}`, "--", ...print]);
  if (!node.success) return skip(node.output.trim());
  return await denoTests(libraryTests, {
    TEST_RUNTIME: JSON.stringify([node.stdout.trim()]),
  });
}

async function testBunBinary(): Promise<Counts> {
  const compiled = await runTool([Deno.execPath(), "run", "--allow-all", "scripts/compile.ts", "bun"]);
  return compiled
    ? await bunTests(endToEndTests, forProgram([hostBinary("bun")]))
    : { passed: 0, failed: 1, skipped: 0 };
}

async function testDenoBinary(): Promise<Counts> {
  const own = await captureTool([Deno.execPath(), "run", "--allow-all", "scripts/compile.ts", "deno"]);
  if (!own.success) {
    if (!existsSync(denortScript)) return skip(`${own.output.trim()}, and there is no ${denortScript}`);
    const denort = await captureTool(["bash", denortScript]);
    const compiled = await captureTool(
      ["npx", "--yes", compilingDeno, "run", "--allow-all", "scripts/compile.ts", "deno"],
      { DENORT_BIN: denort.stdout.trim() },
    );
    if (!compiled.success) return skip(compiled.output.trim());
  }
  return await denoTests(endToEndTests, forProgram([hostBinary("deno")]));
}

function skip(reason: string): Counts {
  console.log(`skipped: ${reason}`);
  return { passed: 0, failed: 0, skipped: 1 };
}

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];
const wanted = suites.filter(({ name }) =>
  Deno.args.length === 0 || Deno.args.some((word) => name.includes(word))
);
for (const [index, suite] of wanted.entries()) {
  console.log(`\n[${index + 1}/${wanted.length}] ${suite.name}`);
  const counts = await suite.run();
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  failures.push(...(counts.failures ?? []).map((text) => `${suite.name}: ${text}`));
  console.log(`${suite.name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
}
if (failures.length > 0) console.log(`\nFailed:\n${failures.join("\n")}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
Deno.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
