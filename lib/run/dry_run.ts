/**
 * Dry runs: with `GS_TELEMETRY_DRY_RUN=1` a run says what it would send. It records and sends nothing, and changes
 * nothing on disk.
 *
 * @module
 */

import { tell } from "../messages.ts";
import type { Signal } from "../signal/signal.ts";

/** Says what would be sent. */
export function tellSignal(signal: Signal, url: string, obstacle: string | undefined): void {
  const { type, payload } = signal;
  const would = obstacle === undefined ? "would be sent" : `would not be sent, since ${obstacle}`;
  tell(`dry run: ${would} to ${url}: ${type} ${JSON.stringify(payload.command)}`);
  tell(`dry run: signal: ${JSON.stringify(signal)}`);
}

/** Says why nothing would be sent. */
export function tellNothing(reason: string): void {
  tell(`dry run: nothing would be sent: ${reason}`);
}
