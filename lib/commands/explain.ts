import { tell } from "../brand.ts";
import { isNoticeDue } from "../consent/notice.ts";
import type { CommandLine } from "../run/options.ts";
import { isOutputTerminal, outputStyle, usualColumns } from "./page.ts";
import { stateDirectory } from "../directories/paths.ts";
import { makePlan, type Plan } from "../run/plan.ts";
import { UsageError } from "../usage_error.ts";
import { runtime } from "../runtime/mod.ts";

/**
 * Shows the signal that a run would send; runs, sends and writes nothing. A page with the origin of each
 * value on a terminal, JSON elsewhere.
 *
 * @throws {UsageError} On bad input, as a run would.
 */
export async function explain({ options, command }: CommandLine & { kind: "command" }): Promise<number> {
  if (options.human !== undefined && options.json !== undefined) {
    throw new UsageError("--human and --json exclude each other; give one of them");
  }
  const plan = await makePlan(options, command, runtime.env);
  if (plan.kind === "silence" && plan.isProblem) throw new UsageError(plan.reason);
  const isForPeople = options.human !== undefined || (options.json === undefined && isOutputTerminal());
  if (isForPeople) await printPage(plan, obstacleTo(plan));
  else printJson(plan);
  return 0;
}

/** What keeps a run from recording the signal that it plans. */
function obstacleTo(plan: Plan): string | undefined {
  if (plan.kind === "signal" && plan.executable === undefined) return "there is no such command";
  const directory = stateDirectory(runtime.env);
  if (directory === undefined) return "there is no home to keep it in";
  return isNoticeDue(directory, runtime.env)
    ? "the first run on a terminal shows a notice instead"
    : undefined;
}

async function printPage(plan: Plan, obstacle: string | undefined): Promise<void> {
  const { renderPlan } = await import("./explain_page.ts");
  runtime.write(1, renderPlan(plan, obstacle, outputStyle(runtime.env, usualColumns)));
}

function printJson(plan: Plan): void {
  const signals = plan.kind === "signal" ? [plan.signal] : [];
  runtime.write(1, `${JSON.stringify(signals, null, 2)}\n`);
  if (plan.kind === "silence") tell(`nothing would be sent: ${plan.reason}`);
}
