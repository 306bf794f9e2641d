/**
 * The values of options, as they are read.
 *
 * @module
 */

import { checkValue, isSeconds, optionDefinitions } from "../../run/options.ts";
import { UsageError } from "../../usage_error.ts";

/** Reads the ID of a TelemetryDeck app. */
export function parseAppID(value: string): string {
  return checkValue("--app-id", value, optionDefinitions.appID);
}

/** Reads the type of signals. */
export function parseSignalType(value: string): string {
  return checkValue("--signal-type", value, optionDefinitions.signalType);
}

/** Reads one of several IDs. */
export function collectAppIDs(value: string, before: readonly string[] = []): string[] {
  return [...before, parseAppID(value)];
}

/** Reads the seconds of `--timeout`. */
export function parseSeconds(value: string): number {
  if (isSeconds(value)) return Number(value);
  throw new UsageError(`--timeout is '${value}' but should be a number of seconds, such as 5`);
}

/** Makes a function that reads a whole number from 1 on. */
export function parseCount(option: string): (value: string) => number {
  return (value) => {
    if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
    throw new UsageError(`${option} is '${value}' but should be a whole number from 1 on`);
  };
}

/** Reads the address of `--listen`. */
export function parseListen(address: string): { hostname: string; port: number } {
  const parts = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(address);
  const port = Number(parts?.[3]);
  if (!parts || port > 65_535) {
    throw new UsageError(`--listen is '${address}' but should be HOST:PORT, such as 127.0.0.1:8686`);
  }
  return { hostname: parts[1] ?? parts[2], port };
}
