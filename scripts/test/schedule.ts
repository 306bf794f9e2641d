/**
 * Runs suites, two at a time. The output of each is shown in one piece when it ends.
 *
 * @module
 */

import { describeCounts, failed, type Outcome } from "./outcome.ts";
import type { Log } from "./runner.ts";
import type { Suite } from "./suites.ts";

/** A suite that has run. */
export interface Ended {
  readonly suite: Suite;
  readonly outcome: Outcome;
  readonly seconds: number;
}

/** More would only wait for each other on a machine with two processors. */
const width = 2;

/** Runs all suites; the results are in their order. */
export async function runSuites(
  suites: readonly Suite[],
  env: Readonly<Record<string, string>>,
): Promise<Ended[]> {
  const ended: Ended[] = [];
  const waiting = [...suites.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, suite] = next;
      const place = `[${index + 1}/${suites.length}] ${suite.name}`;
      ended[index] = await runSuite(suite, place, env, suites.length === 1);
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return ended;
}

async function runSuite(
  suite: Suite,
  place: string,
  env: Readonly<Record<string, string>>,
  isAlone: boolean,
): Promise<Ended> {
  console.log(`${place}: begins`);
  const start = performance.now();
  const texts: string[] = [];
  const log: Log = isAlone ? write : (text) => void texts.push(text);
  const outcome = await runSafely(suite, log, env);
  const seconds = (performance.now() - start) / 1_000;
  const text = texts.join("");
  const output = (outcome.failed > 0 ? text : withoutPassed(text)).trim();
  if (output !== "") write(`\n${output}\n`);
  console.log(`${place}: ${describeCounts(outcome)} in ${seconds.toFixed(0)} s`);
  return { suite, outcome, seconds };
}

/** Leaves out what only says that a test has passed, and the headings above. */
function withoutPassed(text: string): string {
  const isNoise = /^\(pass\) | \.\.\. ok \(|^(Check )?\S+\.ts:?$|^$/;
  return text.split("\n").filter((line) => !isNoise.test(line)).join("\n");
}

/** A suite that cannot even start has failed, and the others still run. */
async function runSafely(suite: Suite, log: Log, env: Readonly<Record<string, string>>): Promise<Outcome> {
  try {
    return await suite.run({ log, env });
  } catch (error) {
    log(`${(error as Error).message}\n`);
    return failed;
  }
}

function write(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let offset = 0; offset < bytes.length;) offset += Deno.stdout.writeSync(bytes.subarray(offset));
}
