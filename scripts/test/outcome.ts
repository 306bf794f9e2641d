/**
 * What came of a suite: counts of its tests, and what the report in JUnit's format says of each.
 *
 * @module
 */

/** A test that ran, and how long it took. */
export interface TimedTest {
  readonly name: string;
  readonly seconds: number;
}

/** What came of a suite. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What to show of each failure at the end, below all other output. */
  readonly failures?: readonly string[];
  readonly tests?: readonly TimedTest[];
}

/** The outcome of a suite that is one test. */
export const passed: Outcome = { passed: 1, failed: 0, skipped: 0 };
export const failed: Outcome = { passed: 0, failed: 1, skipped: 0 };
export const skipped: Outcome = { passed: 0, failed: 0, skipped: 1 };

const longestFailure = 2_000;

/** Reads a report in JUnit's format, as both `deno test` and `bun test` write it. */
export function readReport(xml: string): Outcome {
  const cases = xml.match(/<testcase\b[^>]*?(\/>|>[\s\S]*?<\/testcase>)/g) ?? [];
  const failures = cases.filter((text) => /<(failure|error)\b/.test(text));
  const skipped = cases.filter((text) => /<skipped\b/.test(text)).length;
  return {
    passed: cases.length - failures.length - skipped,
    failed: failures.length,
    skipped,
    failures: failures.map((text) => text.slice(0, longestFailure)),
    tests: cases.map(readTest),
  };
}

function readTest(xml: string): TimedTest {
  const attribute = (name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(xml)?.[1] ?? "";
  return { name: unescape(attribute("name")), seconds: Number(attribute("time")) };
}

function unescape(text: string): string {
  const characters: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, name) => characters[name]);
}

/** Adds outcomes up. */
export function sum(outcomes: readonly Outcome[]): Outcome {
  const add = (key: "passed" | "failed" | "skipped") =>
    outcomes.reduce((total, outcome) => total + outcome[key], 0);
  return { passed: add("passed"), failed: add("failed"), skipped: add("skipped") };
}

/** The counts in words; the last line of a test run is one of these. */
export function describeCounts({ passed, failed, skipped }: Outcome): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
