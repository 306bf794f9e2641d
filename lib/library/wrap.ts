/**
 * Runs a command of another tool and records it, as the program does.
 *
 * @module
 */

import { libraryCourier } from "../delivery/courier_start.ts";
import { exitStatus } from "../run/exit_status.ts";
import { checkOptions } from "../run/options.ts";
import { run } from "../run/run.ts";
import { UsageError } from "../usage_error.ts";

/** The program's options for a run; see its help. Options win over variables, variables over the profile. */
export interface WrapOptions {
  /** The TelemetryDeck app that gets the signal, a UUID. */
  readonly appID?: string;
  /** The TelemetryDeck namespace of the app. */
  readonly namespace?: string;
  /** The ingest server. */
  readonly endpoint?: string;
  /** The name or the file of the command's profile, if not the one that claims it. */
  readonly profile?: string;
  /** What to call the tool, instead of the profile's or the executable's name. */
  readonly name?: string;
  /** The type of the signal. */
  readonly signalType?: string;
  /** The version of the wrapped tool. */
  readonly toolVersion?: string;
  /** One session for several runs, a UUID. */
  readonly session?: string;
  /** Whether the signal is marked as a test. */
  readonly testMode?: boolean;
  /** How long to wait for the delivery when the command has ended, in seconds. */
  readonly wait?: number;
  /** See {@linkcode TelemetryOptions.courier}. */
  readonly courier?: readonly string[] | false;
}

/**
 * Runs a command as a child of this process, with its standard streams, and records it as `gs-telemetry run`
 * does.
 *
 * @returns The exit status as a shell has it: 128 and the signal's number for a command that a signal has
 * ended, 127 for one that was not found, 126 for one that cannot be run.
 * @throws {UsageError} On a wrong option or variable, or a null byte in a word, before the command runs.
 * @example
 * ```ts
 * import { wrap } from "@giantswarm/gs-telemetry";
 * import process from "node:process";
 *
 * process.exitCode = await wrap("kubectl", ["gs", "login"]);
 * ```
 */
export async function wrap(
  command: string,
  args: readonly string[] = [],
  options: WrapOptions = {},
): Promise<number> {
  const { courier, testMode, wait, ...texts } = options;
  const checked = checkOptions({
    ...texts,
    testMode: testMode ? "" : undefined,
    wait: wait?.toString(),
  });
  // Native code would take it for the word's end.
  if ([command, ...args].some((word) => word.includes("\0"))) {
    throw new UsageError("a word of the command has a null byte");
  }
  const line = { kind: "command", options: checked, command: [command, ...args] } as const;
  const courierCommand = courier === undefined ? libraryCourier() : courier || undefined;
  return exitStatus(command, await run(line, { asChild: true, courier: courierCommand }));
}
