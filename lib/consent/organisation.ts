/**
 * What an organisation has set up for everyone on this machine: `settings.json` in its directory, such as
 * `{"telemetry":"on","endpoint":"https://telemetry.example.org/"}`. Its `off` is final. Its `on` only spares the
 * notice: every opt-out of a user's holds.
 *
 * @module
 */

import {
  type OrganisationDirectory,
  organisationDirectory,
  type Trust,
  trustIn,
} from "../directories/organisation_directory.ts";
import { runtime } from "../runtime/mod.ts";
import { system } from "../system/mod.ts";
import type { Choice } from "./settings.ts";

/** What an organisation has set up. Settings that are not understood count as off. */
export interface Organisation {
  readonly choice: Choice | "none";
  /** What says so: the settings file, or the directory if it cannot be looked at. */
  readonly file: string;
  /** What is wrong with it, if it counts as off for that reason. */
  readonly fault?: string;
  /** The ingest server. Not checked yet. */
  readonly endpoint?: string;
  /** The TelemetryDeck namespace. Not checked yet. */
  readonly namespace?: string;
  /** The directory of its profiles, if the directory above it is root's alone. */
  readonly profiles?: string;
  /** What was left out, since others may have written it. */
  readonly ignored: readonly Ignored[];
}

/** A file or directory that does not count, and why, as a part of a sentence about it. */
export interface Ignored {
  readonly path: string;
  readonly reason: string;
}

let latest: Organisation | undefined;

/** Looks at what the organisation has set up. If nothing, that is one system call. */
export function readOrganisation(): Organisation {
  return latest = read(organisationDirectory(runtime.env));
}

/** Returns what this process has read last, so that a run looks once. */
export function knownOrganisation(): Organisation {
  return latest ?? readOrganisation();
}

const isWindows = runtime.os === "windows";

function read(directory: OrganisationDirectory): Organisation {
  const { path, profiles } = directory;
  const trust = trustIn(path, "directory");
  switch (trust.kind) {
    case "missing":
      return { choice: "none", file: path, ignored: [] };
    case "ignored":
      return { choice: "none", file: path, ignored: [{ path, reason: trust.reason }] };
    case "unknown":
      return isWindows ? readOnWindows(directory) : unreadable(path);
    case "trusted":
      return { ...readSettings(directory), profiles };
  }
}

function unreadable(file: string): Organisation {
  return { choice: "off", file, fault: "may not be read", ignored: [] };
}

function readSettings({ settings: file }: OrganisationDirectory): Organisation {
  const trust: Trust = trustIn(file, "file");
  if (trust.kind === "missing") return { choice: "none", file, ignored: [] };
  if (trust.kind === "ignored") {
    return { choice: "none", file, ignored: [{ path: file, reason: trust.reason }] };
  }
  const text = system.files.read(file);
  return text === undefined ? unreadable(file) : parse(text, file);
}

/** Who may write a file there is not known, so only what makes nobody worse off counts: off. */
function readOnWindows({ path, settings: file }: OrganisationDirectory): Organisation {
  const found = system.files.readOptional(file);
  if (found.kind === "text" && parse(found.text, file).choice === "off") return parse(found.text, file);
  const reason = "counts on Windows only if it says off, since who may write it is not known";
  return { choice: "none", file, ignored: [{ path, reason }] };
}

const keys = ["telemetry", "endpoint", "namespace"];

function parse(text: string, file: string): Organisation {
  const settings = parseObject(text);
  const { telemetry = "none", endpoint, namespace } = settings ?? {};
  const isUnderstood = settings !== undefined && Object.keys(settings).every((key) => keys.includes(key)) &&
    (telemetry === "on" || telemetry === "off" || telemetry === "none") &&
    isOptionalText(endpoint) && isOptionalText(namespace);
  if (!isUnderstood) return { choice: "off", file, fault: "is not understood", ignored: [] };
  return { choice: telemetry, file, endpoint, namespace, ignored: [] };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isOptionalText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}
