/**
 * Why each field of a signal is sent. The keys are exactly those that a signal may have.
 *
 * @module
 */

import type { Payload, Signal } from "./signal.ts";

/** Why each field is sent, but for those of the payload. */
export const signalFields = {
  appID: "The TelemetryDeck app that the signal is for.",
  clientUser: "Counts users without knowing them. See below how it is made.",
  sessionID: "Tells which runs belong together.",
  isTestMode: "Keeps tests out of the statistics.",
  type: "Tells these signals from others of the app.",
  receivedAt: "Puts a late signal at the hour of its run.",
} satisfies Record<Exclude<keyof Signal, "payload">, string>;

/** Why each field of the payload is sent. */
export const payloadFields = {
  "TelemetryDeck.AppInfo.version": "Tells which versions of the tool are in use.",
  "TelemetryDeck.Device.architecture": "Tells which machines to build for.",
  "TelemetryDeck.Device.operatingSystem": "Tells which systems to build for.",
  "TelemetryDeck.SDK.nameAndVersion": "Tells which program wrote the signal.",
  appVersion: "The same under the name that kubectl-gs uses.",
  caller: "Tells people from scripts, builds and agents.",
  command: "Tells which commands are used.",
} satisfies Record<keyof Payload, string>;

/** The name of a field of a signal or its payload. */
export type FieldName = keyof typeof signalFields | keyof typeof payloadFields;

/** Why each field is sent. */
export const fieldReasons: Readonly<Record<FieldName, string>> = { ...signalFields, ...payloadFields };
