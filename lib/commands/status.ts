/**
 * `status`: shows whether telemetry is on, and what waits to be sent.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import { outputStyle } from "./page.ts";
import { renderStatus } from "./status_page.ts";
import { readStatus } from "./status_survey.ts";

/** Prints how telemetry stands, as a page or as JSON. */
export async function showStatus(asJson: boolean): Promise<number> {
  const now = Date.now();
  const status = await readStatus(now);
  const text = asJson
    ? `${JSON.stringify(status, null, 2)}\n`
    : renderStatus(status, now, outputStyle(runtime.env, Infinity), runtime.env);
  runtime.write(1, text);
  return 0;
}
