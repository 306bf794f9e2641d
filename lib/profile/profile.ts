/**
 * Profiles: what is known about a wrapped tool. Only a word that a profile lists as a command gets into a
 * signal.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import type { CommandTree } from "./name.ts";

/** What is known about a wrapped tool, as it stands in a profile's JSON. */
export interface Profile {
  /** What `--profile` calls it. */
  readonly name: string;
  /** What a signal calls the tool. */
  readonly displayName: string;
  /** The first words of the command lines that it claims; the first is an executable's base name. */
  readonly match: readonly (readonly string[])[];
  /** The TelemetryDeck app, a UUID. Without one nothing is sent unless the caller names an app. */
  readonly appID?: string;
  /** The type of the tool's signals. */
  readonly signalType?: string;
  /** `machine` if users are told apart by the machine ID, and not as the reference does. */
  readonly identity?: "machine";
  /** Whether its signals say who called the command, see `Payload.caller`. */
  readonly caller?: boolean;
  /** `terminal` if all runs in one terminal session share a session ID. */
  readonly session?: "terminal";
  /** The variable that opts out of this tool's telemetry if it has any value. */
  readonly optOutVariable?: string;
  /** The variable that marks signals as tests if it is `1`. */
  readonly testModeVariable?: string;
  /** The arguments that make the tool print its version. */
  readonly versionCall?: readonly string[];
  /** The version of the tool that the profile was learned from. */
  readonly learnedFrom?: string;
  /** Variables that are set for the command. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The tool's commands and flags. */
  readonly root: CommandTree;
}

/** Who has made a profile, from the weakest to the strongest: if two claim the same, that of the stronger holds. */
export const origins = ["built in", "brand", "user", "organisation"] as const;

/**
 * Who has made a profile: gs-telemetry, the team whose build this is, the user, or
 * the organisation that sets up this machine.
 */
export type Origin = typeof origins[number];

/** A profile that may claim a command line, and the way to the rest of it. */
export interface Candidate {
  /** What `--profile` calls it. */
  readonly name: string;
  /** `built in`, or the path of its file. */
  readonly source: string;
  readonly origin: Origin;
  /** The command lines that it claims; `undefined` if that could not be read. */
  readonly match: Profile["match"] | undefined;
  /** What is wrong with the profile, if anything is. */
  readonly problem?: string;
  /** What its author should change, although it works. */
  readonly advice?: string;
  /** Returns the profile, with at least those commands that the arguments may call. */
  load(args: readonly string[]): Profile;
}

/** Makes a candidate of a profile that is known as a whole. */
export function wholeCandidate(profile: Profile, source: string, origin: Origin = "user"): Candidate {
  return { name: profile.name, source, origin, match: profile.match, load: () => profile };
}

/** Reports whether a profile is of a stronger origin than another. */
export function isStronger(one: Pick<Candidate, "origin">, other: Pick<Candidate, "origin">): boolean {
  return origins.indexOf(one.origin) > origins.indexOf(other.origin);
}

/**
 * Returns an executable's name without its directory and without the ending of Windows. There, upper and lower case
 * are the same, and a batch file stands in for a program.
 */
export function baseName(path: string, os: string = runtime.os): string {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  if (os === "windows") return name.toLowerCase().replace(/\.(exe|cmd|bat|com)$/, "");
  return name.toLowerCase().endsWith(".exe") ? name.slice(0, -".exe".length) : name;
}
