/**
 * What a store keeps apart of each signal, so that a report can ask for it.
 *
 * @module
 */

import { parseHour } from "./hour.ts";
import type { IngestedSignal } from "./schema.ts";

/** What signals are grouped by; an empty text if the signal does not say. */
export interface Labels {
  /** The app, a UUID. */
  readonly appID: string;
  /** The type of the signal. */
  readonly type: string;
  /** The command's name; the type, if the signal is of no command. */
  readonly command: string;
  /** The tool's version. */
  readonly version: string;
  readonly os: string;
  readonly architecture: string;
  /** Who ran the command: `person`, `script`, `ci` or `agent`. */
  readonly caller: string;
  readonly isTest: boolean;
}

const versionKeys = ["TelemetryDeck.AppInfo.version", "appVersion"];
const osKey = "TelemetryDeck.Device.operatingSystem";
const architectureKey = "TelemetryDeck.Device.architecture";

/** The labels of a signal. */
export function labelsOf({ appID, type, isTestMode = false, payload = {} }: IngestedSignal): Labels {
  const read = (key: string) => storable(payload[key] ?? "");
  return {
    appID,
    type: storable(type),
    command: read("command") || storable(type),
    version: read(versionKeys[0]) || read(versionKeys[1]),
    os: read(osKey),
    architecture: read(architectureKey),
    caller: read("caller"),
    isTest: isTestMode,
  };
}

/** A text that is the same for signals with the same labels; much cheaper than the labels themselves. */
export function labelKey({ appID, type, isTestMode, payload }: IngestedSignal): string {
  const read = (key: string) => payload?.[key] ?? "";
  return `${appID}\0${type}\0${isTestMode}\0${read("command")}\0${read(versionKeys[0])}\0${
    read(versionKeys[1])
  }\0${read(osKey)}\0${read(architectureKey)}\0${read("caller")}`;
}

/** What a signal says besides its labels, user and time, as JSON; an empty text if it says nothing more. */
export function restOf(signal: IngestedSignal, labels: Labels): string {
  const { sessionID, floatValue, payload = {} } = signal;
  const known: Record<string, string> = {
    command: labels.command,
    [versionKeys[0]]: labels.version,
    [versionKeys[1]]: labels.version,
    [osKey]: labels.os,
    [architectureKey]: labels.architecture,
    caller: labels.caller,
  };
  const more = Object.entries(payload).filter(([key, value]) =>
    !Object.hasOwn(known, key) || known[key] !== value
  );
  const rest = { sessionID, floatValue, ...(more.length > 0 ? { payload: Object.fromEntries(more) } : {}) };
  const text = JSON.stringify(rest);
  return text === "{}" ? "" : text;
}

/** A value as text that every store keeps unchanged: well-formed Unicode without NUL. */
export function storable(value: string | number | boolean): string {
  const text = String(value).toWellFormed();
  return text.includes("\0") ? text.replaceAll("\0", "\ufffd") : text;
}

/** The sender's hour, else that of the arrival. */
export function hourOfSignal({ receivedAt }: IngestedSignal, arrivedAt: number): number {
  return (receivedAt === undefined ? undefined : parseHour(receivedAt)) ?? arrivedAt;
}
