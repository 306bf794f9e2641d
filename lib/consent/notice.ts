/**
 * The notice that a user sees once, before anything is sent. The first run on a terminal shows it and sends
 * nothing, so there is time to opt out. Runs without a terminal neither show it nor count as seen.
 *
 * An empty directory remembers that it was shown. Making a directory succeeds in exactly one of several runs at
 * once: that one shows the notice; the others, which found the directory missing, send nothing. If it cannot be
 * made, no signal can be kept either, so nothing is shown and nothing is sent.
 *
 * @module
 */

import { brand } from "../brand.ts";
import { makeDirectories, type StateDirectory } from "../directories/state_directory.ts";
import { runtime } from "../runtime/mod.ts";
import type { Environment } from "../runtime/runtime.ts";
import { system } from "../system/mod.ts";
import { findAutomation } from "./automation.ts";
import { knownOrganisation } from "./organisation.ts";
import { readSetting } from "./settings.ts";

const standardError = 2;

/** Mutes the notice: for organisations that tell their people themselves. Signals are sent then. */
const muting = "GS_TELEMETRY_NO_NOTICE";

/** The notice of a tool that uses the library; its user is told once for each such tool. */
export interface ToolNotice {
  readonly tool: string;
  /** The tool's own variable that opts out. */
  readonly optOutVariable?: string;
  /** The text, if not the usual one. */
  readonly text?: string;
}

/** Reports whether a run here and now would show the notice and send nothing. */
export function isNoticeDue(state: StateDirectory, env: Environment, own?: ToolNotice): boolean {
  if (env(muting) || !system.isTerminal(standardError)) return false;
  if (system.files.exists(state.noticeShown(own?.tool))) return false;
  // Who has chosen knows, and an organisation tells its people. A build or an agent would not tell its user.
  return readSetting(env).choice === "none" && knownOrganisation().choice !== "on" &&
    findAutomation(env) === undefined;
}

/**
 * Shows the notice, unless another run has just done so.
 *
 * @param url Where signals go.
 * @param own The notice, if it is not the program's own.
 */
export function showNotice(state: StateDirectory, url: string, own?: ToolNotice): void {
  if (!makeDirectories(state.noticeShown(own?.tool))) return;
  runtime.write(standardError, own ? toolNoticeText(url, own) : noticeText(url));
}

/** Remembers that this user needs no notice. */
export function skipNotice(state: StateDirectory): void {
  makeDirectories(state.noticeShown());
}

/** Writes the program's notice: four lines of at most 80 columns, with names of up to 14 letters. */
export function noticeText(url: string): string {
  const { name } = brand;
  return `${whatIsSent(name, url)}
  See it:  ${name} explain -- COMMAND      More: ${name} --help
  Opt out: ${name} disable, or DO_NOT_TRACK=1
`;
}

/** Writes the notice of a tool that uses the library, whose own commands are not known here. */
export function toolNoticeText(url: string, { tool, optOutVariable, text }: ToolNotice): string {
  if (text !== undefined) return `${text.trimEnd()}\n`;
  const variables = [...(optOutVariable === undefined ? [] : [`${optOutVariable}=1`]), "DO_NOT_TRACK=1"];
  return `${whatIsSent(tool, url)}
  More: github.com/giantswarm/gs-telemetry
  Opt out: ${variables.join(" or ")}
`;
}

function whatIsSent(name: string, url: string): string {
  const { hostname } = new URL(url);
  const receiver = hostname.endsWith(".telemetrydeck.com") ? "TelemetryDeck" : hostname;
  return `${name} sends anonymous usage signals to ${receiver}: the name of
the command, never its arguments. Nothing is sent about this run.`;
}
