/**
 * Where gs-telemetry keeps its files.
 *
 * @module
 */

import type { Environment } from "../consent/consent.ts";
import { runtime } from "../runtime/mod.ts";

const program = "gs-telemetry";

/**
 * The folder for what has to last but is not worth a backup, the queue of signals above all
 * (XDG Base Directory Specification). Nothing where the user has no home.
 */
export function stateDirectory(env: Environment): string | undefined {
  const home = absolute(env("HOME"));
  const base = absolute(env("XDG_STATE_HOME")) ?? platformStateBase(env, home);
  return base && `${base}/${program}`;
}

function platformStateBase(env: Environment, home: string | undefined): string | undefined {
  if (runtime.os === "windows") return absolute(env("LOCALAPPDATA"));
  return home && (runtime.os === "darwin" ? `${home}/Library/Application Support` : `${home}/.local/state`);
}

/** The folder for what the user sets up (XDG Base Directory Specification); nothing where the user has no home. */
export function configDirectory(env: Environment): string | undefined {
  const home = absolute(env("HOME"));
  const base = absolute(env("XDG_CONFIG_HOME")) ?? platformConfigBase(env, home);
  return base && `${base}/${program}`;
}

function platformConfigBase(env: Environment, home: string | undefined): string | undefined {
  if (runtime.os === "windows") return absolute(env("APPDATA"));
  return home && (runtime.os === "darwin" ? `${home}/Library/Application Support` : `${home}/.config`);
}

/** The specification has relative paths ignored. */
function absolute(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path) ? path : undefined;
}

/** A path for people to read, from their home on. */
export function shortPath(path: string, env: Environment): string {
  const home = absolute(env("HOME"));
  return home !== undefined && home !== "/" && path.startsWith(`${home}/`)
    ? `~${path.slice(home.length)}`
    : path;
}
