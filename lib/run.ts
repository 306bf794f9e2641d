/**
 * The way of a run. Between start and launch it waits for no network and for no process but the one
 * that detaches the courier.
 *
 * @module
 */

import { isCourierAtWork, startCourier } from "./courier.ts";
import { debug } from "./debug.ts";
import { findExecutable } from "./executable.ts";
import { launch } from "./launch.ts";
import type { CommandLine } from "./options.ts";
import { stateDirectory } from "./paths.ts";
import { makePlan, type Plan } from "./plan.ts";
import { runtime } from "./runtime/mod.ts";
import { clearQueue, hasQueue, spool } from "./spool.ts";

/**
 * Records one run of a command, then becomes the command.
 *
 * @returns The exit status, where this process could not become the command.
 * @throws {UsageError} On bad input, before the command runs.
 */
export async function run({ options, command }: CommandLine & { kind: "command" }): Promise<number> {
  const plan = await makePlan(options, command, runtime.env);
  try {
    act(plan, command);
  } catch (error) {
    debug(`telemetry failed: ${error}`);
  }
  return await launch(command, plan);
}

function act(plan: Plan, command: readonly string[]): void {
  const directory = stateDirectory(runtime.env);
  if (plan.kind === "silence") {
    debug(`nothing is sent: ${plan.reason}`);
    if (plan.optedOut && directory && hasQueue(directory)) clearQueue(directory);
    return;
  }
  if (findExecutable(command[0], runtime.env) === undefined) return;
  if (!directory) return debug("nothing is sent: there is no home to keep it in");
  record(directory, plan);
}

function record(directory: string, { signal, url, versionCall }: Plan & { kind: "signal" }): void {
  debug(`to ${url}: ${JSON.stringify([signal])}`);
  if (!spool(directory, { url, recordedAt: Date.now(), signal, versionCall })) {
    return debug(`cannot write to ${directory}`);
  }
  if (!isCourierAtWork(directory) && !startCourier(directory)) debug("the courier could not be started");
}
