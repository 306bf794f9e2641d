/**
 * The way of a run. Between start and launch it waits for no network, and for no process but the one that
 * detaches the courier.
 *
 * @module
 */

import type { CourierCommand, Recorded } from "../delivery/courier_start.ts";
import { clearQueue, hasQueue } from "../delivery/queue.ts";
import { findStateDirectory } from "../directories/state_directory.ts";
import { debug, isDryRun } from "../messages.ts";
import { runtime } from "../runtime/mod.ts";
import { type LaunchEnd, system } from "../system/mod.ts";
import { UsageError } from "../usage_error.ts";
import type { CommandLine } from "./command_line.ts";
import { tellNothing, tellSignal } from "./dry_run.ts";
import { makePlan, type Plan, type SendPlan, type SkipPlan } from "./plan.ts";
import { findObstacle, meetObstacle, noCommand, record } from "./record.ts";

/** How a run is done. */
export interface RunManner {
  /** Whether the command is a child although this process could become it. */
  readonly asChild: boolean;
  /** The words that start a courier, `undefined` for none. */
  readonly courier: CourierCommand;
}

/**
 * Records one run of a command, then becomes the command.
 *
 * @returns How the command ended, if this process could not become it.
 * @throws {UsageError} If an option is wrong, before the command runs.
 */
export async function run(line: CommandLine, { asChild, courier }: RunManner): Promise<LaunchEnd> {
  const plan = await makePlan(line, runtime.env).catch(doWithoutPlan);
  const sent = plan?.kind === "send" ? plan : undefined;
  const { command, wait } = sent?.settled ?? { ...line, wait: 0 };
  const variables = sent?.variables ?? {};
  const isReplaced = wait === 0 && !asChild;
  const ownCourier = isReplaced && adoptsOrphans() ? undefined : courier;
  const recorded = plan && await tryToRecord(plan, ownCourier, wait > 0);
  const isWaiting = recorded !== undefined && wait > 0;
  if (!isWaiting && !asChild) return await system.launch(command, variables);
  const end = await system.launchChild(command, variables);
  if (isWaiting && end.kind !== "failed") await waitFor(recorded, wait, courier);
  return end;
}

/** Process 1 gets every orphan as its child: the command would find a courier among its own. */
function adoptsOrphans(): boolean {
  return process.pid === 1;
}

async function waitFor(recorded: Recorded, seconds: number, courier: CourierCommand): Promise<void> {
  const { awaitDelivery } = await import("../delivery/wait.ts");
  await awaitDelivery(recorded, seconds * 1_000, courier).catch(debugTrouble);
}

/** Bad input is told. Whatever else is in telemetry's way, the command runs. */
function doWithoutPlan(error: unknown): undefined {
  if (error instanceof UsageError) throw error;
  debugTrouble(error);
}

async function tryToRecord(
  plan: Plan,
  courier: CourierCommand,
  isUrgent: boolean,
): Promise<Recorded | undefined> {
  try {
    if (isDryRun()) return await tellDryRun(plan);
    return plan.kind === "send" ? await recordPlanned(plan, courier, isUrgent) : obeySkip(plan);
  } catch (error) {
    return debugTrouble(error);
  }
}

function debugTrouble(error: unknown): undefined {
  debug(`telemetry failed: ${error}`);
}

async function tellDryRun(plan: Plan): Promise<undefined> {
  if (plan.kind === "skip") return void tellNothing(plan.reason);
  const { env } = runtime;
  const state = findStateDirectory(env);
  const { executable, tool } = plan.settled;
  const obstacle = executable === undefined ? noCommand : findObstacle({ state, notice: tool.value }, env);
  tellSignal(await plan.signal, plan.url, obstacle);
}

async function recordPlanned(
  { signal, url, versionCall, isBare, settled }: SendPlan,
  courier: CourierCommand,
  isUrgent: boolean,
): Promise<Recorded | undefined> {
  const { env } = runtime;
  const state = findStateDirectory(env);
  const { executable, tool } = settled;
  const obstacle = executable === undefined
    ? noCommand
    : meetObstacle({ state, notice: tool.value }, url, env);
  if (obstacle || !state) {
    debug(`nothing is sent: ${obstacle}`);
    return undefined;
  }
  const recorded = record(state, { url, signal: await signal, versionCall }, courier, isUrgent);
  const profile = settled.profile?.profile;
  if (recorded && isBare && profile) system.files.makeDirectory(state.unlisted(profile.name));
  return recorded;
}

function obeySkip({ reason, isOptedOut }: SkipPlan): undefined {
  debug(`nothing is sent: ${reason}`);
  const state = isOptedOut ? findStateDirectory(runtime.env) : undefined;
  if (state && hasQueue(state)) clearQueue(state);
}
