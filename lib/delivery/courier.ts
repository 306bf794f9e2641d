/**
 * What the courier does from its start to its end.
 *
 * @module
 */

import { askConsent } from "../consent/consent.ts";
import { forgetYield, isAskedToYield, lockCourier, urgently } from "./courier_start.ts";
import { Delivery } from "./delivery.ts";
import { limits } from "./limits.ts";
import { pause } from "./pause.ts";
import { stateDirectory } from "../directories/paths.ts";
import { refreshCache } from "../profile/cache_writer.ts";
import { runtime } from "../runtime/mod.ts";
import { type Lock, system } from "../system/mod.ts";

const lockAttempts = 10;
const lockPause = 20;
// Long enough for whoever has asked to take over; who has what it wanted by then does not, and this courier goes on.
const yieldPause = 200;

/**
 * Delivers what is queued, until nothing is left or what is left has to wait. This is what a courier does:
 * a standalone program that uses the library calls it when it is started by the words that were given as its
 * courier. Where another process delivers, it returns soon.
 *
 * @example
 * ```ts
 * import { createTelemetry, runCourier } from "@giantswarm/gs-telemetry";
 * import process from "node:process";
 *
 * if (process.argv[2] === "deliver-telemetry") {
 *   await runCourier();
 *   process.exit();
 * }
 * const telemetry = createTelemetry({
 *   appID: "4539763B-A291-4835-B832-9BEB80CA7039",
 *   tool: "acme",
 *   commands: ["acme login"],
 *   courier: [process.execPath, "deliver-telemetry"],
 * });
 * ```
 */
export async function runCourier(): Promise<void> {
  const directory = stateDirectory(runtime.env);
  if (!directory || !askConsent(runtime.env).given) return;
  const isUrgent = runtime.args.includes(urgently);
  const isAlive = () => system.setAlarm(limits.hangTimeout / 1_000);
  isAlive();
  await refreshCache(directory);
  for (;;) {
    const lock = await takeLock(directory);
    if (!lock) return;
    forgetYield(directory);
    const delivery = new Delivery(directory, {
      gathers: !isUrgent,
      ignoresBackoff: false,
      patience: limits.patience,
      onProgress: isAlive,
      yields: true,
    });
    await delivery.run();
    const isToYield = isAskedToYield(directory);
    lock.release();
    if (isToYield) await pause(yieldPause);
    else if (!delivery.hasNews()) return;
  }
}

/** Tries more than once, since a run that asks whether a courier is at work holds the lock for an instant. */
async function takeLock(directory: string): Promise<Lock | undefined> {
  for (let attempt = 0; attempt < lockAttempts; attempt++) {
    const lock = lockCourier(directory);
    if (lock !== "taken") return lock;
    await pause(lockPause);
  }
  return undefined;
}
