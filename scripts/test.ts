/**
 * Runs the tests and ends with one line that counts them.
 *
 *     deno task test             static checks, unit tests, library, release, both binaries end to end
 *     deno task test all         also from source on each runtime, with servers, and under Wine
 *     deno task test quick       static checks and unit tests
 *     deno task test WORD...     the suites that have one of the words in their name
 *
 * @module
 */

import { describeCounts, sum } from "./test/outcome.ts";
import { type Ended, runSuites } from "./test/schedule.ts";
import { Session } from "./test/session.ts";
import { chooseSuites, type Suite } from "./test/suites.ts";

const slowestCount = 10;

async function main(): Promise<boolean> {
  const suites = chooseSuites(Deno.args);
  const session = new Session();
  endWith(session);
  const start = performance.now();
  const ended = await runSuites(suites, session.environment);
  const left = await session.close();
  if (left.length > 0) ended.push(reportLeft(left));
  showFailures(ended);
  if (Deno.args[0] === "all") showSlowest(ended);
  showTimes(ended, (performance.now() - start) / 1_000);
  const total = sum(ended.map(({ outcome }) => outcome));
  console.log(`\n${describeCounts(total)}`);
  return total.failed === 0 && total.passed > 0;
}

/** Whoever interrupts the tests leaves nothing of them behind. */
function endWith(session: Session): void {
  for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    if (Deno.build.os === "windows" && signal === "SIGTERM") continue;
    Deno.addSignalListener(signal, () => {
      session.abort();
      Deno.exit(status);
    });
  }
}

/** Processes that outlive their tests are a failure of their own. */
function reportLeft(left: readonly string[]): Ended {
  const failures = [`these processes were left running:\n  ${left.join("\n  ")}`];
  const suite: Suite = { name: "processes", scope: "quick", run: () => Promise.reject() };
  return { suite, seconds: 0, outcome: { passed: 0, failed: 1, skipped: 0, failures } };
}

function showFailures(ended: readonly Ended[]): void {
  const texts = ended.flatMap(({ suite, outcome }) =>
    (outcome.failures ?? []).map((text) => `${suite.name}: ${text}`)
  );
  if (texts.length > 0) console.log(`\nFailed:\n${texts.join("\n")}`);
}

function showSlowest(ended: readonly Ended[]): void {
  const tests = ended.flatMap(({ suite, outcome }) =>
    (outcome.tests ?? []).map((test) => ({ ...test, suite: suite.name }))
  );
  const slowest = tests.toSorted((one, other) => other.seconds - one.seconds).slice(0, slowestCount);
  console.log("\nSlowest tests:");
  for (const { name, seconds, suite } of slowest) console.log(`${inColumn(seconds)}  ${suite}: ${name}`);
}

function showTimes(ended: readonly Ended[], total: number): void {
  console.log("\nTime of each suite:");
  for (const { suite, seconds, outcome } of ended) {
    console.log(`${inColumn(seconds)}  ${suite.name}${outcome.failed > 0 ? " (failed)" : ""}`);
  }
  console.log(`${inColumn(total)}  in all`);
}

function inColumn(seconds: number): string {
  return `${seconds.toFixed(1)} s`.padStart(9);
}

try {
  Deno.exitCode = await main() ? 0 : 1;
} catch (error) {
  console.error(`test: ${(error as Error).message}`);
  Deno.exitCode = 1;
}
