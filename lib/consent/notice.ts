/**
 * The notice that a user sees once, before anything is sent: by the first run on a terminal. That run
 * sends nothing, so there is time to opt out. Runs without a terminal neither show it nor count as seen.
 *
 * That it was shown is kept as an empty folder in the state directory, since making a folder is the one
 * step that of several runs at once only one succeeds in: that one shows the notice, and none of those
 * that found the folder missing sends. Where it cannot be made, no signal can be kept either, so nothing
 * is shown, run after run, and nothing is sent.
 *
 * @module
 */

import { brand } from "../brand.ts";
import type { Environment } from "./consent.ts";
import { makeDirectories } from "../delivery/queue.ts";
import { runtime } from "../runtime/mod.ts";
import { readSetting } from "./settings.ts";
import { system } from "../system/mod.ts";

const standardError = 2;

/** Mutes the notice: for organisations that tell their people themselves. Signals are sent then. */
const muting = "GS_TELEMETRY_NO_NOTICE";

// The first is the convention; the others are of services that do not set it.
const buildServices = ["CI", "TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION", "CODEBUILD_BUILD_ID"];

/** The notice of a tool that uses the library; its user is told for each such tool. */
export interface Notice {
  readonly tool: string;
  /** The tool's own variable that opts out. */
  readonly optOut?: string;
  /** The text, if not the usual one. */
  readonly text?: string;
}

/**
 * Shows the notice if that is due.
 *
 * @param url Where signals go.
 * @param own The notice, if it is not the program's own.
 * @returns Whether it was due; then nothing may be sent.
 */
export function giveNotice(stateDirectory: string, url: string, env: Environment, own?: Notice): boolean {
  if (!isNoticeDue(stateDirectory, env, own)) return false;
  if (makeDirectories(marker(stateDirectory, own))) {
    runtime.write(standardError, own ? toolNoticeText(url, own) : noticeText(url));
  }
  return true;
}

/** Whether a run here and now would show the notice and send nothing. */
export function isNoticeDue(stateDirectory: string, env: Environment, own?: Notice): boolean {
  const isPerson = !env(muting) && system.isTerminal(standardError) && !isBuild(env);
  if (!isPerson || system.files.exists(marker(stateDirectory, own))) return false;
  // Who has chosen knows.
  return readSetting(env).choice === "none";
}

/** Remembers that this user needs no notice. */
export function forgoNotice(stateDirectory: string): void {
  makeDirectories(marker(stateDirectory));
}

function marker(stateDirectory: string, own?: Notice): string {
  return `${stateDirectory}/notice-shown${own ? `-${encodeURIComponent(own.tool)}` : ""}`;
}

function isBuild(env: Environment): boolean {
  return buildServices.some((name) => !["", "0", "false"].includes(env(name) ?? ""));
}

/** Four lines of at most 80 columns, with names of up to 14 letters. */
export function noticeText(url: string): string {
  const { name } = brand;
  return `${whatIsSent(name, url)}
  See it:  ${name} explain -- COMMAND      More: ${name} --help
  Opt out: ${name} disable, or DO_NOT_TRACK=1
`;
}

/** Of a tool that uses the library, whose own commands are not known here. */
export function toolNoticeText(url: string, { tool, optOut, text }: Notice): string {
  if (text !== undefined) return `${text.trimEnd()}\n`;
  const variables = [...(optOut === undefined ? [] : [`${optOut}=1`]), "DO_NOT_TRACK=1"];
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
