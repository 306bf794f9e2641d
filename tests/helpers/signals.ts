/**
 * Signals at random, as stores may get them, and stores with them.
 *
 * @module
 */

import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assemble } from "../../lib/report/assemble.ts";
import type { Answer } from "../../lib/report/answer.ts";
import { countSignals } from "../../lib/report/count.ts";
import { resolvePeriod, steps } from "../../lib/report/period.ts";
import type { Question } from "../../lib/report/question.ts";
import type { IngestedSignal } from "../../lib/sink/schema.ts";
import { openStore } from "../../lib/sink/open_store.ts";
import { parseStore } from "../../lib/sink/store.ts";

/** When the stores' signals arrive, and reports are asked for. */
export const now: number = Date.UTC(2026, 10, 28, 15, 30);

const appIDs = ["4539763B-A291-4835-B832-9BEB80CA7039", "11111111-2222-4333-8444-555555555555"];
const hour = 3_600_000;
const text = fc.oneof(
  fc.constantFrom("", "5.1.0", "O'Brien\\", "a\tb", "é\u202e", "\0", "\ud800", 'say "hi"\n', "%' OR 1=1 --"),
  fc.string(),
);
const command = fc.constantFrom(
  "kubectl gs login",
  "kubectl gs get clusters",
  "kubectl gs get",
  "kubectl",
  "helm",
  "O'Brien\\ x",
  "<b>",
);

/** A signal. Its time may lie before and after what reports ask for, and may be missing. */
export const anySignal: fc.Arbitrary<IngestedSignal> = fc.record({
  appID: fc.constantFrom(...appIDs),
  clientUser: fc.oneof(fc.constantFrom("a", "b", "c", "d", "e"), fc.string({ minLength: 1 })),
  type: fc.constantFrom("Acme.command", "it's"),
  isTestMode: fc.boolean(),
  sessionID: fc.uuid(),
  receivedAt: fc.integer({ min: -24 * 120, max: 48 }).map((hours) =>
    new Date(now + hours * hour).toISOString()
  ),
  payload: fc.record({
    command,
    appVersion: fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true })),
    "TelemetryDeck.Device.operatingSystem": fc.constantFrom("linux", "darwin"),
    "TelemetryDeck.Device.architecture": text,
    caller: fc.constantFrom("person", "ci", "agent"),
    more: fc.boolean(),
  }, { requiredKeys: [] }),
}, { requiredKeys: ["appID", "clientUser", "type"] });

/** A question. */
export const anyQuestion: fc.Arbitrary<Question> = fc.record({
  days: fc.integer({ min: 1, max: 70 }),
  by: fc.constantFrom(...steps),
  appIDs: fc.subarray(appIDs.map((id) => id.toLowerCase()), { maxLength: 1 }),
  prefixes: fc.constantFrom([], ["kubectl gs"], ["kubectl", "kubectl gs get"], ["O'Brien\\"]),
  isTest: fc.boolean(),
}).map(({ days, by, ...question }) => ({ ...question, period: resolvePeriod({ days, by }, now) }));

/** Keeps requests in a store as a sink would. */
export async function fillStore(
  name: string,
  requests: readonly (readonly IngestedSignal[])[],
): Promise<void> {
  const store = await openStore(parseStore(name));
  try {
    // Each body is one of its own, so that none is taken for a repetition.
    for (const [index, signals] of requests.entries()) {
      await store.add({ signals, body: `${index}`, time: now });
    }
  } finally {
    await store.close();
  }
}

/** The answer of a report. */
export async function ask(stores: readonly string[], question: Question, leastPeople = 1): Promise<Answer> {
  const facts = await countSignals(stores, question, { password: undefined, onProgress: () => {} });
  return assemble(facts, { question, tool: null, command: null, leastPeople, unused: [] });
}

/** Runs a test in a folder of its own. */
export async function inFolder<Result>(test: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "gs-telemetry-test-"));
  try {
    return await test(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
