/**
 * The way of a run. Between start and launch it waits for no network and for no process but the one
 * that detaches the courier.
 *
 * @module
 */

import type { Recorded } from "../delivery/courier_start.ts";
import { clearQueue, hasQueue } from "../delivery/queue.ts";
import { debug } from "../messages.ts";
import { giveNotice } from "../consent/notice.ts";
import { type CommandLine, optionValue } from "./options.ts";
import { stateDirectory } from "../directories/paths.ts";
import { makePlan, type Plan } from "./plan.ts";
import { type Calling, record } from "./record.ts";
import { runtime } from "../runtime/mod.ts";
import { type LaunchEnd, system } from "../system/mod.ts";
import { UsageError } from "../usage_error.ts";

/** How a run goes where it does not go the program's way. */
export interface RunManner {
  /** Whether the command is a child although this process could become it. */
  readonly asChild?: boolean;
  /** The words that start a courier, if not this program's own; without any, none is called. */
  readonly courier?: readonly string[];
}

/**
 * Records one run of a command, then becomes the command.
 *
 * @returns How the command ended, where this process could not become it.
 * @throws {UsageError} On bad input, before the command runs.
 */
export async function run(
  { options, command }: CommandLine & { kind: "command" },
  { asChild = false, courier }: RunManner = {},
): Promise<LaunchEnd> {
  const seconds = Number(optionValue("wait", options, runtime.env) ?? 0);
  const plan = await makePlan(options, command, runtime.env).catch(doWithoutPlan);
  const isReplaced = seconds === 0 && !asChild;
  const calling = { courier: isReplaced && adoptsOrphans() ? [] : courier, isUrgent: seconds > 0 };
  const recorded = plan && tryToRecord(plan, calling);
  const variables = plan?.kind === "signal" ? plan.variables : {};
  const isWaiting = recorded !== undefined && seconds > 0;
  if (!isWaiting && !asChild) return await system.launch(command, variables);
  const end = await system.launchChild(command, variables);
  if (isWaiting && end.kind !== "failed") await waitFor(recorded, seconds, courier);
  return end;
}

/** Whether this is process 1, whose child every orphan becomes: the command would find a courier among its own. */
function adoptsOrphans(): boolean {
  return process.pid === 1;
}

async function waitFor(recorded: Recorded, seconds: number, courier?: readonly string[]): Promise<void> {
  const { awaitDelivery } = await import("../delivery/wait.ts");
  await awaitDelivery(recorded, seconds * 1_000, courier).catch(tellTrouble);
}

/** Bad input is told; whatever else is in telemetry's way, the command runs. */
function doWithoutPlan(error: unknown): undefined {
  if (error instanceof UsageError) throw error;
  tellTrouble(error);
}

function tryToRecord(plan: Plan, calling: Calling): Recorded | undefined {
  try {
    return act(plan, calling);
  } catch (error) {
    tellTrouble(error);
    return undefined;
  }
}

function tellTrouble(error: unknown): void {
  debug(`telemetry failed: ${error}`);
}

function act(plan: Plan, calling: Calling): Recorded | undefined {
  const directory = stateDirectory(runtime.env);
  if (plan.kind === "silence") {
    debug(`nothing is sent: ${plan.reason}`);
    if (plan.optedOut && directory && hasQueue(directory)) clearQueue(directory);
    return undefined;
  }
  if (plan.executable === undefined) {
    debug("nothing is sent: there is no such command");
    return undefined;
  }
  if (!directory) {
    debug("nothing is sent: there is no home to keep it in");
    return undefined;
  }
  if (giveNotice(directory, plan.url, runtime.env)) {
    debug("nothing is sent: a notice comes before the first signal");
    return undefined;
  }
  return record(directory, { url: plan.url, signal: plan.signal, versionCall: plan.versionCall }, calling);
}
