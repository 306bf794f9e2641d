/**
 * A usage signal as TelemetryDeck's ingest API v2 takes it, and nothing more: both types are closed,
 * so that what may be sent can be read here.
 *
 * @module
 */

import { version } from "../brand.ts";
import { runtime } from "../runtime/mod.ts";
import type { Caller } from "./caller.ts";

/** What a signal says about the command. */
export interface Payload {
  /** The wrapped tool's version; left out if it is not known. */
  readonly "TelemetryDeck.AppInfo.version"?: string;
  /** Go's name: `amd64`, `arm64`. */
  readonly "TelemetryDeck.Device.architecture": string;
  /** Go's name: `linux`, `darwin`, `windows`. */
  readonly "TelemetryDeck.Device.operatingSystem": string;
  /** `gs-telemetry/` and its version. */
  readonly "TelemetryDeck.SDK.nameAndVersion": string;
  /** The same as `TelemetryDeck.AppInfo.version`, under the name that kubectl-gs uses. */
  readonly appVersion?: string;
  /** Who called the command; only if the tool's profile asks for it. Never which service or agent it was. */
  readonly caller?: Caller;
  /** The command's name: words of its profile or the executable's base name, never an argument. */
  readonly command: string;
}

/** One signal, in the order of keys that the Go library writes. */
export interface Signal {
  /** The TelemetryDeck app, a UUID. */
  readonly appID: string;
  /** 64 hexadecimal digits, see `hashUser`. */
  readonly clientUser: string;
  /** A UUID, new for each run unless `--session` or the profile says otherwise. */
  readonly sessionID: string;
  /** Whether the signal is left out of production queries. */
  readonly isTestMode: boolean;
  /** Such as `GiantSwarm.command`. */
  readonly type: string;
  /** What is said about the command. */
  readonly payload: Payload;
  /** When the run was, in ISO 8601 and rounded down to the hour; only in a signal sent much later. */
  readonly receivedAt?: string;
}

/** What a signal says beside its payload and its time. */
export type SignalEnvelope = Omit<Signal, "payload" | "receivedAt">;

/**
 * Makes a signal about a command that ran on this machine.
 *
 * @param toolVersion The wrapped tool's version. Its keys are left out if it is not known.
 * @param caller Who called the command. Left out if the profile does not ask for it.
 */
export function makeSignal(
  envelope: SignalEnvelope,
  command: string,
  toolVersion?: string,
  caller?: Caller,
): Signal {
  const { appID, clientUser, sessionID, isTestMode, type } = envelope;
  return {
    appID,
    clientUser,
    sessionID,
    isTestMode,
    type,
    payload: {
      ...(toolVersion === undefined ? {} : { "TelemetryDeck.AppInfo.version": toolVersion }),
      "TelemetryDeck.Device.architecture": runtime.architecture,
      "TelemetryDeck.Device.operatingSystem": runtime.os,
      "TelemetryDeck.SDK.nameAndVersion": `gs-telemetry/${version}`,
      ...(toolVersion === undefined ? {} : { appVersion: toolVersion }),
      ...(caller === undefined ? {} : { caller }),
      command,
    },
  };
}

/** Adds the wrapped tool's version to a signal that was made before it was known. */
export function withToolVersion(signal: Signal, toolVersion: string): Signal {
  const { caller, command, ...device } = signal.payload;
  const called = caller === undefined ? { command } : { caller, command };
  return {
    ...signal,
    payload: { "TelemetryDeck.AppInfo.version": toolVersion, ...device, appVersion: toolVersion, ...called },
  };
}

const hour = 3_600_000;
const oldestAccepted = 24 * hour;

/**
 * Adds the time of the run to a signal that is sent more than an hour after it. TelemetryDeck takes
 * times of up to 24 hours back; an older run is given the earliest of those.
 *
 * @param recordedAt When the run was, in milliseconds since 1970.
 * @param now The present, likewise.
 */
export function withReceivedAt(signal: Signal, recordedAt: number, now: number): Signal {
  if (now - recordedAt <= hour) return signal;
  const earliest = Math.ceil((now - oldestAccepted) / hour) * hour;
  const received = Math.max(Math.floor(recordedAt / hour) * hour, earliest);
  return { ...signal, receivedAt: new Date(received).toISOString() };
}
