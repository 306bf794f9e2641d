/**
 * What the tests of delivery share.
 *
 * @module
 */

import type { FaultServer } from "./fault_server.ts";
import { appID } from "./harness.ts";

/** A command with output and an exit status of its own, and the result of a run that did it no harm. */
export const command: readonly string[] = ["sh", "-c", "echo out; exit 3"];
export const done = { status: 3, signal: null, stdout: "out\n", stderr: "" } as const;

/** Signals of every command go to the server. */
export function environment({ endpoint }: Pick<FaultServer, "endpoint">): Record<string, string> {
  return { GS_TELEMETRY_APP_ID: appID, GS_TELEMETRY_ENDPOINT: endpoint };
}

/** Prints what has become of the signals, for whoever reads the log. */
export function tell(
  what: string,
  made: number,
  { distinct, twice, connections }: FaultServer,
  setAside = 0,
): void {
  console.log(
    `fault: ${what} | made ${made} | arrived ${distinct} | twice ${twice} | set aside ${setAside} | ` +
      `connections ${connections}`,
  );
}
