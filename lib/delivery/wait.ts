/**
 * Waits for the delivery of one's own signal, for containers and CI jobs, whose processes die with the command.
 *
 * The courier delivers, as ever, and this process only watches. So a request that is under way when the time is up
 * still comes to its end if the courier lives on.
 *
 * @module
 */

import { debug } from "../messages.ts";
import { system } from "../system/mod.ts";
import { requestYield } from "./courier_lock.ts";
import { endOf } from "./backoff.ts";
import { type CourierCommand, ensureCourier, type Recorded } from "./courier_start.ts";
import { backoffOf, readDeliveryState } from "./delivery_state.ts";
import { isQueued } from "./queue.ts";
import { type Surroundings, surroundings } from "./surroundings.ts";

const pollInterval = 20;
// A courier that was started takes the lock only after its own start.
const courierInterval = 1_000;

/**
 * Waits until the signal has left the queue, or until it is clear that it will not in time.
 *
 * @param limit In milliseconds.
 */
export async function awaitDelivery(
  recorded: Recorded,
  limit: number,
  courier: CourierCommand,
  { uptime, now, pause }: Surroundings = surroundings,
): Promise<void> {
  const { state, url, name } = recorded;
  const deadline = uptime() + limit;
  let nextCourier = uptime() + courierInterval;
  while (isQueued(state, name)) {
    const left = deadline - uptime();
    const backoff = backoffOf(readDeliveryState(state), url, now());
    const wait = backoff ? endOf(backoff) - now() : 0;
    if (wait >= left) return debug(backoff ? "the server is left alone for now" : "time is up");
    if (uptime() >= nextCourier) {
      if (ensureCourier(recorded, courier, true) === "at work") requestYield(state);
      nextCourier = uptime() + courierInterval;
    }
    await pause(Math.min(pollInterval, left));
  }
  debug(describeEnd(recorded));
}

function describeEnd({ state, name }: Recorded): string {
  const isRefused = system.files.exists(`${state.rejected}/${name}`);
  return isRefused ? "the server has refused the signal for good" : "the signal is delivered";
}
