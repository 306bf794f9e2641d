/**
 * Waiting for the delivery of one's own signal, where processes die with the command: in containers
 * and CI jobs.
 *
 * The courier delivers, as ever, and this process only watches: so a request that is under way when
 * the time is up still comes to its end where the courier lives on.
 *
 * @module
 */

import { askToYield, callCourier, type Recorded } from "./courier_start.ts";
import { debug } from "../messages.ts";
import { backoffOf, readDeliveryState } from "./state.ts";
import { pause } from "./pause.ts";
import { isWaiting, rejectedDirectory } from "./queue.ts";
import { system } from "../system/mod.ts";

const lookEvery = 20;
// A courier that was started takes the lock only after its own start.
const callEvery = 1_000;

/**
 * Waits until the signal has left the queue, but not longer than it can help.
 *
 * @param limit In milliseconds.
 * @param courier The words that start a courier, if not this program's own.
 */
export async function awaitDelivery(
  recorded: Recorded,
  limit: number,
  courier?: readonly string[],
): Promise<void> {
  const { directory, url, name } = recorded;
  const deadline = performance.now() + limit;
  let nextCall = performance.now() + callEvery;
  while (isWaiting(directory, name)) {
    const left = deadline - performance.now();
    const backoff = backoffOf(readDeliveryState(directory), url, Date.now());
    const wait = backoff ? backoff.since + backoff.delay - Date.now() : 0;
    if (wait >= left) return debug(backoff ? "the server is left alone for now" : "time is up");
    if (performance.now() >= nextCall) {
      if (callCourier(recorded, true, courier) === "at work") askToYield(directory);
      nextCall = performance.now() + callEvery;
    }
    await pause(Math.min(lookEvery, left));
  }
  debug(describeEnd(recorded));
}

function describeEnd({ directory, name }: Recorded): string {
  const isRefused = system.files.exists(`${rejectedDirectory(directory)}/${name}`);
  return isRefused ? "the server has refused the signal for good" : "the signal is delivered";
}
