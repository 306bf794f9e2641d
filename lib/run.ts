/**
 * The way of a run. Between start and launch it waits for no network and for no process but the one
 * that detaches the courier.
 *
 * @module
 */

import { callCourier, type CourierCall, type Recorded } from "./delivery/courier.ts";
import { debug, isDebugging } from "./debug.ts";
import { findExecutable } from "./executable.ts";
import { launch } from "./launch.ts";
import { giveNotice } from "./notice.ts";
import { type CommandLine, optionValue } from "./options.ts";
import { stateDirectory } from "./paths.ts";
import { makePlan, type Plan } from "./plan.ts";
import { runtime } from "./runtime/mod.ts";
import type { Signal } from "./signal.ts";
import { clearQueue, hasQueue, spool } from "./delivery/spool.ts";

/**
 * Records one run of a command, then becomes the command.
 *
 * @returns The exit status, where this process could not become the command.
 * @throws {UsageError} On bad input, before the command runs.
 */
export async function run({ options, command }: CommandLine & { kind: "command" }): Promise<number> {
  const seconds = Number(optionValue("wait", options, runtime.env) ?? 0);
  const plan = await makePlan(options, command, runtime.env);
  const recorded = tryToRecord(plan, command, seconds > 0);
  if (!recorded || seconds === 0) return await launch(command, plan);
  const { awaitDelivery } = await import("./delivery/wait.ts");
  return await launch(
    command,
    plan,
    () => awaitDelivery(recorded, seconds * 1_000).catch((error) => debug(`telemetry failed: ${error}`)),
  );
}

function tryToRecord(plan: Plan, command: readonly string[], isUrgent: boolean): Recorded | undefined {
  try {
    return act(plan, command, isUrgent);
  } catch (error) {
    debug(`telemetry failed: ${error}`);
    return undefined;
  }
}

function act(plan: Plan, command: readonly string[], isUrgent: boolean): Recorded | undefined {
  const directory = stateDirectory(runtime.env);
  if (plan.kind === "silence") {
    debug(`nothing is sent: ${plan.reason}`);
    if (plan.optedOut && directory && hasQueue(directory)) clearQueue(directory);
    return undefined;
  }
  if (findExecutable(command[0], runtime.env) === undefined) {
    debug("nothing is sent: there is no such command");
    return undefined;
  }
  if (!directory) {
    debug("nothing is sent: there is no home to keep it in");
    return undefined;
  }
  if (!giveNotice(directory, plan.url, runtime.env)) return record(directory, plan, isUrgent);
  debug("nothing is sent: a notice comes before the first signal");
  return undefined;
}

function record(
  directory: string,
  { signal, url, versionCall }: Plan & { kind: "signal" },
  isUrgent: boolean,
): Recorded | undefined {
  if (isDebugging()) debug(describeSignal(url, signal));
  const name = spool(directory, { url, signal, versionCall }, Date.now());
  if (name === undefined) {
    debug(`cannot write to ${directory}`);
    return undefined;
  }
  const recorded = { directory, url, name };
  debug(courierCalls[callCourier(recorded, isUrgent)]);
  return recorded;
}

const courierCalls: Readonly<Record<CourierCall, string>> = {
  started: "recorded; a courier was started, which sends it in the background",
  "at work": "recorded; a courier is at work and sends it in the background",
  "backing off": "recorded; it waits, since the server is left alone after a failure: see status",
  failed: "recorded; it waits for a later run, since no courier could be started",
};

function describeSignal(url: string, signal: Signal): string {
  const { type, payload } = signal;
  return `to ${url}: ${type} "${payload.command}"\nsignal: ${JSON.stringify(signal)}`;
}
