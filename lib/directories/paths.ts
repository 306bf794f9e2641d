/**
 * The directories of a user, by the XDG Base Directory Specification and the customs of macOS and Windows.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import type { Environment } from "../runtime/runtime.ts";

const program = "gs-telemetry";
const separator = runtime.os === "windows" ? "\\" : "/";

/** Returns the path of a file in a directory. On Windows people see backslashes. */
export function joinPath(directory: string, name: string): string {
  return directory + separator + name;
}

/** Returns the path of the state directory, `undefined` if the user has no home directory. */
export function stateDirectoryPath(env: Environment): string | undefined {
  return programDirectory(env, {
    variable: "XDG_STATE_HOME",
    belowHome: ".local/state",
    onWindows: "LOCALAPPDATA",
  });
}

/** Returns the path of the configuration directory, `undefined` if the user has no home directory. */
export function configDirectoryPath(env: Environment): string | undefined {
  return programDirectory(env, {
    variable: "XDG_CONFIG_HOME",
    belowHome: ".config",
    onWindows: "APPDATA",
  });
}

/** How the systems find a base directory. */
interface BaseDirectory {
  readonly variable: string;
  readonly belowHome: string;
  readonly onWindows: string;
}

function programDirectory(
  env: Environment,
  { variable, belowHome, onWindows }: BaseDirectory,
): string | undefined {
  const base = absolute(env(variable)) ??
    (runtime.os === "windows"
      ? absolute(env(onWindows))
      : inHome(env, runtime.os === "darwin" ? "Library/Application Support" : belowHome));
  return base && joinPath(base, program);
}

function inHome(env: Environment, path: string): string | undefined {
  const home = absolute(env("HOME"));
  return home && `${home}/${path}`;
}

/** The specification says that relative paths are to be ignored. */
function absolute(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path) ? path : undefined;
}

/** Shortens a path for people: the home directory becomes `~`. */
export function shortPath(path: string, env: Environment): string {
  const home = absolute(env("HOME"));
  return home !== undefined && home !== "/" && path.startsWith(`${home}/`)
    ? `~${path.slice(home.length)}`
    : path;
}
