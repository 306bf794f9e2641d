/**
 * What makes a build a team's own, as the options of `deno task compile` say it.
 *
 * @module
 */

import { isAbsolute } from "node:path";
import { brand, type SaltSource } from "../lib/brand.ts";
import { isOwnName } from "../lib/directories/own_call.ts";
import { standingOf } from "../lib/profile/claim.ts";
import { readProfile } from "../lib/profile/file.ts";
import { type Candidate, wholeCandidate } from "../lib/profile/profile.ts";
import { checkValue, optionDefinitions } from "../lib/run/options.ts";
import { UsageError } from "../lib/usage_error.ts";
import { projectName } from "./toolchains.ts";

/** What makes a build a team's own. */
export interface Branding {
  /** What the program calls itself. */
  readonly name: string;
  readonly profiles: readonly Candidate[];
  readonly endpoint?: string;
  readonly namespace?: string;
  readonly salt?: SaltSource;
}

/** The options, as `parseArgs` takes them. */
export const brandingOptions = {
  name: { type: "string" },
  profile: { type: "string", multiple: true },
  endpoint: { type: "string" },
  namespace: { type: "string" },
  "salt-variable": { type: "string" },
  "salt-file": { type: "string" },
} as const;

type Values = { readonly [Name in Exclude<keyof typeof brandingOptions, "profile">]?: string } & {
  readonly profile?: readonly string[];
};

/**
 * Reads and checks the options.
 *
 * @returns `undefined` if none is given: the build is this project's own.
 * @throws {UsageError} If one is wrong.
 */
export function readBranding(values: Values): Branding | undefined {
  if (Object.keys(brandingOptions).every((name) => values[name as keyof Values] === undefined)) {
    return undefined;
  }
  const { name = projectName, endpoint, namespace, profile = [] } = values;
  brand.name = name;
  if (!/^\w[\w.-]*$/.test(name)) {
    throw new UsageError(`--name is '${name}' but should be a name for a file, such as acme-telemetry`);
  }
  if (endpoint !== undefined) checkValue("--endpoint", endpoint, optionDefinitions.endpoint);
  if (namespace !== undefined) checkValue("--namespace", namespace, optionDefinitions.namespace);
  return { name, profiles: readProfiles(profile, name), endpoint, namespace, salt: readSalt(values) };
}

function readSalt({ "salt-variable": name, "salt-file": path }: Values): SaltSource | undefined {
  if (name !== undefined && path !== undefined) {
    throw new UsageError("--salt-variable and --salt-file exclude each other; give one of them");
  }
  if (name !== undefined && !/^[A-Za-z_]\w*$/.test(name)) {
    throw new UsageError(
      `--salt-variable is '${name}' but should be a variable's name, never the salt itself`,
    );
  }
  if (path !== undefined && !isAbsolute(path)) {
    throw new UsageError(`--salt-file is '${path}' but should be an absolute path on the users' machines`);
  }
  if (name !== undefined) return { kind: "variable", name };
  return path === undefined ? undefined : { kind: "file", path };
}

function readProfiles(files: readonly string[], name: string): Candidate[] {
  const profiles = files.map((file) => wholeCandidate(readProfile(file).load([]), file, "brand"));
  for (const profile of profiles) {
    const own = profile.match?.find(([word]) => isOwnName(word));
    if (own) {
      throw new UsageError(`no link can stand in front of ${own[0]}, since the program is called ${name}`);
    }
    const { conflict } = standingOf(profile, profiles);
    if (conflict !== undefined) throw new UsageError(conflict.replace(/;.*$/, ""));
    if (profiles.some((other) => other !== profile && other.name === profile.name)) {
      throw new UsageError(`two profiles are called '${profile.name}'`);
    }
  }
  return profiles.map((profile) => ({ ...profile, source: `built into ${name}` }));
}
