/**
 * Sends what is queued now, while the user watches.
 *
 * @module
 */

import { askConsent, describeRefusal } from "../consent.ts";
import { askToYield, forgetYield, lockCourier } from "./courier.ts";
import { Delivery } from "./delivery.ts";
import { readDeliveryState } from "./state.ts";
import { stateDirectory } from "../paths.ts";
import { pause } from "./pause.ts";
import { showProgress } from "./progress.ts";
import { listQueue } from "./queue.ts";
import { runtime } from "../runtime/mod.ts";
import { clearQueue } from "./spool.ts";
import type { Lock } from "../system/mod.ts";

const lookEvery = 50;

/**
 * Sends what is queued, also to servers that are to be left alone for now.
 *
 * @param timeout When to give up, in milliseconds from now.
 * @returns 0 if the queue is empty afterwards, 1 if not.
 */
export async function flush(timeout = Infinity): Promise<number> {
  const directory = stateDirectory(runtime.env);
  const deadline = performance.now() + timeout;
  const consent = askConsent(runtime.env);
  if (directory && !consent.given) {
    clearQueue(directory);
    say(`Telemetry is off (${describeRefusal(consent)}): nothing is sent, and nothing waits.`);
    return 0;
  }
  if (!directory || listQueue(directory).length === 0) {
    say("Nothing waits.");
    return 0;
  }
  const lock = await takeOver(directory, deadline);
  if (!lock) return tellRest(directory, "another process is sending");
  try {
    await send(directory, deadline);
  } finally {
    lock.release();
  }
  return tellRest(directory, readDeliveryState(directory).lastError?.reason);
}

async function takeOver(directory: string, deadline: number): Promise<Lock | undefined> {
  for (;;) {
    const lock = lockCourier(directory);
    if (lock || performance.now() >= deadline) {
      forgetYield(directory);
      return lock;
    }
    askToYield(directory);
    await pause(lookEvery);
  }
}

async function send(directory: string, deadline: number): Promise<void> {
  const progress = await showProgress("signals", listQueue(directory).length);
  const delivery = new Delivery(directory, {
    gathers: false,
    ignoresBackoff: true,
    patience: 0,
    yields: false,
    deadline,
    onProgress: progress.update,
  });
  await delivery.run();
  progress.stop();
}

function tellRest(directory: string, reason: string | undefined): number {
  const rest = listQueue(directory).length;
  if (rest === 0) {
    say("All signals are sent.");
    return 0;
  }
  say(`${rest} ${rest === 1 ? "signal waits" : "signals wait"}${reason ? `: ${reason}` : ""}`);
  return 1;
}

function say(text: string): void {
  runtime.write(1, `${text}\n`);
}
