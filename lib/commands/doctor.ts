/**
 * `doctor`: says what works, what does not, and what to do.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import { collectChecks } from "./doctor_checks.ts";
import { renderChecks } from "./doctor_page.ts";
import { outputStyle } from "./page.ts";

const illStatus = 1;

/**
 * Prints all checks, as a page or as JSON.
 *
 * @returns The exit status: 0 if all is well.
 */
export async function examine(asJson: boolean): Promise<number> {
  const checks = await collectChecks();
  const isWell = checks.every((check) => check.isWell);
  const text = asJson
    ? `${JSON.stringify({ isWell, checks }, null, 2)}\n`
    : renderChecks(checks, outputStyle(runtime.env, Infinity));
  runtime.write(1, text);
  return isWell ? 0 : illStatus;
}
