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
import { ownCall } from "../directories/own_call.ts";
import { rememberNotice, type StateDirectory } from "../directories/state_directory.ts";
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
 * @param about The tool that the run is about, or a notice that is not the program's own.
 */
export function showNotice(
  state: StateDirectory,
  url: string,
  about: string | ToolNotice,
  env: Environment,
): void {
  const isOwn = typeof about !== "string";
  if (!rememberNotice(state, isOwn ? about.tool : undefined)) return;
  const text = isOwn ? toolNoticeText(url, about) : noticeText(url, about, ownCall(env));
  runtime.write(standardError, text);
}

/** Remembers that this user needs no notice. */
export function skipNotice(state: StateDirectory): void {
  rememberNotice(state);
}

const width = 80;

/**
 * Writes the program's notice: four lines of at most 80 columns, as far as names and paths allow it.
 *
 * @param call How this program is called here; `undefined` if it cannot be called.
 */
export function noticeText(url: string, tool: string, call: string | undefined): string {
  const first = `${brand.name} sends anonymous usage signals about ${tool} to ${receiverOf(url)}:`;
  return `${foldAt(" to ", first)}
the name of the command, never its arguments. Nothing is sent about this run.
${call === undefined ? withoutCall : waysOut(call)}
`;
}

const withoutCall = `  More:    github.com/giantswarm/gs-telemetry
  Opt out: DO_NOT_TRACK=1 or GS_TELEMETRY_OPTOUT=1`;

function waysOut(call: string): string {
  const seeing = `  See it:  ${call} explain -- COMMAND`;
  const more = `      More: ${call} --help`;
  return `${(seeing + more).length > width ? seeing : seeing + more}
  Opt out: ${call} disable, or DO_NOT_TRACK=1`;
}

/** Begins a new line at a word if the text does not fit into one. */
function foldAt(word: string, text: string): string {
  const place = text.lastIndexOf(word);
  return text.length <= width ? text : `${text.slice(0, place)}\n${text.slice(place + 1)}`;
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
  return `${name} sends anonymous usage signals to ${receiverOf(url)}: the name of
the command, never its arguments. Nothing is sent about this run.`;
}

function receiverOf(url: string): string {
  const { hostname } = new URL(url);
  return hostname.endsWith(".telemetrydeck.com") ? "TelemetryDeck" : hostname;
}
