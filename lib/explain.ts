import { tell } from "./brand.ts";
import type { CommandLine } from "./options.ts";
import { makePlan } from "./plan.ts";
import { UsageError } from "./usage_error.ts";
import { runtime } from "./runtime/mod.ts";

/**
 * Prints the signals that a run would send, as JSON; runs, sends and writes nothing.
 *
 * @throws {UsageError} On bad input, as a run would.
 */
export async function explain({ options, command }: CommandLine & { kind: "command" }): Promise<number> {
  const plan = await makePlan(options, command, runtime.env);
  if (plan.kind === "silence" && plan.isProblem) throw new UsageError(plan.reason);
  const signals = plan.kind === "signal" ? [plan.signal] : [];
  runtime.write(1, `${JSON.stringify(signals, null, 2)}\n`);
  if (plan.kind === "silence") tell(`nothing would be sent: ${plan.reason}`);
  return 0;
}
