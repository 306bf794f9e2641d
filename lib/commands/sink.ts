/**
 * `sink`: shows what arrives, until it is ended.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import type { IngestedSignal } from "../sink/schema.ts";
import { createSink, type SinkOptions } from "../sink/server.ts";

/**
 * Serves until the process is ended. Prints the address first, then a line for each signal.
 *
 * @throws {Error} If the address cannot be listened on, the store not be written, or nobody reads any more.
 */
export async function serveSink(options: SinkOptions): Promise<never> {
  const { promise: ended, reject: end } = Promise.withResolvers<never>();
  const say = (text: string) => {
    try {
      runtime.write(1, `${text}\n`);
    } catch (error) {
      end(error);
    }
  };
  const { endpoint } = await createSink({
    ...options,
    onSignal: (signal) => say(describeSignal(signal)),
    onRefusal: say,
  });
  say(`Listening on ${endpoint}`);
  return await ended;
}

/** Says in one line what a signal tells. */
export function describeSignal(
  { type, clientUser, isTestMode, receivedAt, payload = {} }: IngestedSignal,
): string {
  const device = ["TelemetryDeck.Device.operatingSystem", "TelemetryDeck.Device.architecture"];
  const parts = [
    type,
    JSON.stringify(payload.command ?? ""),
    device.map((key) => payload[key] ?? "?").join("/"),
    `user ${clientUser.slice(0, 8)}`,
  ];
  if (payload.appVersion !== undefined) parts.push(`version ${payload.appVersion}`);
  if (receivedAt !== undefined) parts.push(`run at ${receivedAt}`);
  if (isTestMode) parts.push("test");
  return parts.join("  ");
}
