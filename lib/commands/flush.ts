/**
 * `flush`: sends what is queued while the user watches.
 *
 * @module
 */

import { flush, type FlushResult } from "../delivery/flush.ts";
import { type Progress, showProgress } from "./progress.ts";
import { runtime } from "../runtime/mod.ts";

/**
 * Sends what is queued and says what became of it.
 *
 * @param timeout When to give up, in milliseconds from now.
 * @returns The exit status: 0 if nothing waits afterwards, 1 if something does.
 */
export async function showFlush(timeout: number | undefined): Promise<number> {
  let progress: Progress | undefined;
  const result = await flush({
    timeout,
    onStart: async (signals) => void (progress = await showProgress("signals", signals)),
    onProgress: (signals) => progress?.update(signals),
  });
  progress?.stop();
  runtime.write(1, `${describe(result)}\n`);
  return result.waiting === 0 ? 0 : 1;
}

function describe({ outcome, waiting, reason }: FlushResult): string {
  switch (outcome) {
    case "empty":
      return "Nothing waits.";
    case "delivered":
      return "All signals are sent.";
    case "off":
      return `Telemetry is off (${reason}): nothing is sent, and nothing waits.`;
    case "waiting":
      return `${waiting} ${waiting === 1 ? "signal waits" : "signals wait"}${reason ? `: ${reason}` : ""}`;
  }
}
