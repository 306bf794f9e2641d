/**
 * `status --sent`: shows the last signals that left this machine.
 *
 * @module
 */

import { readSent, type SentSignal } from "../delivery/sent.ts";
import { findStateDirectory } from "../directories/state_directory.ts";
import { runtime } from "../runtime/mod.ts";
import { outputStyle, type PageStyle, paint, printable, wrap } from "./page.ts";
import { relativeTime } from "./status_page.ts";

/** Prints the last signals, the newest last, as a page or as JSON. */
export function showSent(asJson: boolean): number {
  const state = findStateDirectory(runtime.env);
  const sent = state ? readSent(state) : [];
  const text = asJson
    ? `${JSON.stringify(sent, null, 2)}\n`
    : renderSent(sent, Date.now(), outputStyle(runtime.env, Infinity));
  runtime.write(1, text);
  return 0;
}

/** Writes the page: when each signal was sent and where, then the signal as it was sent. */
export function renderSent(sent: readonly SentSignal[], now: number, style: PageStyle): string {
  if (sent.length === 0) return "Nothing was sent yet.\n";
  return sent.map((each) => `${renderOne(each, now, style).join("\n")}\n`).join("");
}

function renderOne({ at, to, outcome, signal }: SentSignal, now: number, style: PageStyle): string[] {
  const heading = `${relativeTime(Date.parse(at), now)}, ${outcome} by ${to}`;
  return [
    ...wrap(printable(heading), style).map((line) => paint("bold", line, style)),
    ...wrap(printable(JSON.stringify(signal)), style, "  "),
  ];
}
