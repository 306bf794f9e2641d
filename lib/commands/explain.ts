/**
 * `explain`: shows the signal that a run would send. Runs, sends and writes nothing.
 *
 * @module
 */

import { findStateDirectory } from "../directories/state_directory.ts";
import { tell } from "../messages.ts";
import type { CommandLine } from "../run/command_line.ts";
import { makePlan, type Plan, type SendPlan } from "../run/plan.ts";
import { findObstacle, noCommand } from "../run/record.ts";
import { runtime } from "../runtime/mod.ts";
import { findSalt } from "../signal/salt.ts";
import { userIngredients } from "../signal/user.ts";
import { UsageError } from "../usage_error.ts";
import type { Explained } from "./explain_page.ts";
import { isOutputTerminal, outputStyle, usualColumns } from "./page.ts";

// For scripts that check a profile or an environment.
const problemStatus = 1;

/**
 * Prints the signal: on a terminal as a page with the origin of each value, elsewhere as JSON.
 *
 * @returns The exit status: 1 if a variable or a profile is wrong, so that a run would send nothing.
 * @throws {UsageError} If an option is wrong.
 */
export async function explain(line: CommandLine): Promise<number> {
  const { human, json } = line.options;
  if (human !== undefined && json !== undefined) {
    throw new UsageError("--human and --json exclude each other; give one of them");
  }
  const plan = await makePlan(line, runtime.env);
  const isForPeople = human !== undefined || (json === undefined && isOutputTerminal());
  await (isForPeople ? printPage(plan) : printJson(plan));
  return plan.kind === "skip" && plan.isProblem ? problemStatus : 0;
}

async function printPage(plan: Plan): Promise<void> {
  const { renderExplained } = await import("./explain_page.ts");
  const explained = plan.kind === "skip" ? plan : await explainSignal(plan);
  runtime.write(1, renderExplained(explained, outputStyle(runtime.env, usualColumns)));
}

async function explainSignal(plan: SendPlan): Promise<Explained> {
  const { env } = runtime;
  const obstacle = plan.settled.executable === undefined
    ? noCommand
    : findObstacle({ state: findStateDirectory(env), notice: plan.settled.tool.value }, env);
  return {
    ...plan,
    signal: await plan.signal,
    obstacle,
    ingredients: userIngredients(plan.settled.profile?.profile.identity, env),
    saltSource: findSalt(env)?.source,
  };
}

async function printJson(plan: Plan): Promise<void> {
  const signals = plan.kind === "send" ? [await plan.signal] : [];
  runtime.write(1, `${JSON.stringify(signals, null, 2)}\n`);
  if (plan.kind === "skip") tell(`nothing would be sent: ${plan.reason}`);
  else if (plan.settled.profile?.advice) {
    tell(`profile ${plan.settled.profile.source}: ${plan.settled.profile.advice}`);
  }
}
