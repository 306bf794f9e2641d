/**
 * What the courier does from its start to its end.
 *
 * @module
 */

import { findStateDirectory, type StateDirectory } from "../directories/state_directory.ts";
import { isDryRun } from "../messages.ts";
import { refreshCache } from "../profile/cache_writer.ts";
import { runtime } from "../runtime/mod.ts";
import { system } from "../system/mod.ts";
import { awaitLock, isYieldRequested } from "./courier_lock.ts";
import { isUrgentCourier } from "./courier_start.ts";
import { Delivery, type DeliveryOptions } from "./delivery.ts";
import { type Surroundings, surroundings } from "./surroundings.ts";

// Long enough for a run that looks at the lock, which holds it for an instant.
const lockPatience = 200;
// Long enough for the process that asked to take over. If it did not, this courier goes on.
const yieldPause = 200;

/**
 * Delivers what is queued, until nothing is left or what is left has to wait. This is what a courier does: a
 * standalone program that uses the library calls it when it is started by the words that it gave as its courier.
 * Returns soon if another process delivers.
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
 * const telemetry = await createTelemetry({
 *   appID: "4539763B-A291-4835-B832-9BEB80CA7039",
 *   tool: "acme",
 *   commands: ["acme login"],
 *   courier: [process.execPath, "deliver-telemetry"],
 * });
 * ```
 */
export async function runCourier(): Promise<void> {
  const state = findStateDirectory(runtime.env);
  if (!state || !surroundings.hasConsent() || isDryRun()) return;
  keepAlive();
  await refreshCache(state, runtime.env);
  const gathers = !isUrgentCourier(runtime.env);
  await deliverQueue(state, { gathers, onProgress: keepAlive }, surroundings);
}

/** Delivers in rounds, between which another process may take over if it has asked to. */
export async function deliverQueue(
  state: StateDirectory,
  { gathers, onProgress }: Pick<DeliveryOptions, "gathers" | "onProgress">,
  outside: Surroundings,
): Promise<void> {
  const { patience } = outside.limits;
  const options = { gathers, onProgress, patience, ignoresBackoff: false, yields: true };
  for (;;) {
    const deadline = outside.uptime() + lockPatience;
    const lock = await awaitLock(state, { deadline, requestsYield: false }, outside);
    if (!lock || lock === "taken") return;
    const delivery = new Delivery(state, options, outside);
    await delivery.run();
    const isToYield = isYieldRequested(state);
    lock.release();
    if (isToYield) await outside.pause(yieldPause);
    else if (!delivery.hasNews()) return;
  }
}

/** Puts off the alarm that ends a courier that hangs, in a lookup or in its runtime. */
function keepAlive(): void {
  system.setAlarm(surroundings.limits.hangTimeout / 1_000);
}
