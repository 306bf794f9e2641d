/**
 * `learn --save`: puts a learned profile into the user's directory of profiles. What the tool cannot tell is kept from
 * the profile that was there: its app, its name in signals, and whatever else its author has written by hand.
 *
 * @module
 */

import { findConfigDirectory } from "../directories/config_directory.ts";
import { shortPath } from "../directories/paths.ts";
import { findStateDirectory } from "../directories/state_directory.ts";
import { commandNames } from "../library/profiles.ts";
import { tell } from "../messages.ts";
import { standingOf } from "../profile/claim.ts";
import { readCandidates } from "../profile/file.ts";
import { listProfileFiles } from "../profile/folder.ts";
import type { Candidate, Profile } from "../profile/profile.ts";
import type { Environment } from "../runtime/runtime.ts";
import { folderOf } from "../system/files.ts";
import { system } from "../system/mod.ts";
import { printable } from "./page.ts";

const mostNames = 10;

/**
 * Saves a profile atomically, and tells on standard error what still keeps it from being used.
 *
 * @returns What has changed, in lines for people.
 * @throws {Error} If it cannot be written.
 */
export function saveProfile(learned: Profile, env: Environment): string {
  const folder = findConfigDirectory(env)?.profiles;
  if (folder === undefined) throw new Error("there is no home to save the profile in");
  const own = listProfileFiles(env).paths.filter((path) => path.startsWith(`${folder}/`));
  const before = readCandidates(own).find(({ name }) => name === learned.name);
  const path = before?.source ?? `${folder}/${learned.name}.json`;
  const old = before?.problem === undefined ? before?.load([]) : undefined;
  const profile = old ? renew(old, learned) : learned;
  if (before?.problem !== undefined) keepBroken(before, env);
  write(path, formatProfile(profile));
  forgetUnlisted(profile, env);
  warn(profile, path, env);
  return describeChange(profile, old, shortPath(path, env));
}

/** Replaces a file, and makes its directory if that is missing. If it is a symbolic link, replaces what it leads to. */
function write(path: string, text: string): void {
  const { files } = system;
  const made = files.makeDirectories(folderOf(path));
  const written = made.done ? files.replace(files.realPath(path) ?? path, text) : made;
  if (!written.done) throw new Error(`cannot write ${path}: ${written.reason}`);
}

/** The tool's word holds for its commands and its version, its author's for all else. */
function renew(old: Profile, { root, learnedFrom, appID, signalType, versionCall }: Profile): Profile {
  const { learnedFrom: _, root: __, ...written } = old;
  return {
    ...written,
    ...(appID === undefined ? {} : { appID }),
    ...(signalType === undefined ? {} : { signalType }),
    ...(written.versionCall || !versionCall ? {} : { versionCall }),
    ...(learnedFrom === undefined ? {} : { learnedFrom }),
    root,
  };
}

/** What cannot be understood may be somebody's work with one comma too many. */
function keepBroken({ source }: Candidate, env: Environment): void {
  const found = system.files.readOptional(source);
  if (found.kind !== "text" || found.text.trim() === "") return;
  const copy = `${source}.old`;
  write(copy, found.text);
  tell(`what was there could not be used; it is now in ${shortPath(copy, env)}`);
}

function forgetUnlisted({ name }: Profile, env: Environment): void {
  const state = findStateDirectory(env);
  if (state) system.files.removeTree(state.unlisted(name));
}

function warn(profile: Profile, path: string, env: Environment): void {
  if (profile.appID === undefined) tell(describeAppless(env));
  const all = readCandidates(listProfileFiles(env).paths);
  const own = all.find(({ source }) => source === path);
  const conflict = own && standingOf(own, all).conflict;
  if (conflict !== undefined) tell(conflict);
}

/** Says what a profile without an app lacks. */
export function describeAppless(env: Environment): string {
  const variable = "GS_TELEMETRY_APP_ID";
  return env(variable)
    ? `the profile has no app ID; signals go to the app that ${variable} names`
    : "the profile needs an app ID, or nothing is sent: learn again with --app-id UUID";
}

function describeChange(profile: Profile, old: Profile | undefined, path: string): string {
  const names = commandNames(profile);
  const count = `${names.length - 1} commands`;
  if (!old) return `Saved ${path}: ${count}.\n`;
  const before = new Set(commandNames(old));
  const added = names.filter((name) => !before.has(name));
  const gone = [...before].filter((name) => !names.includes(name));
  const versions = old.learnedFrom !== undefined && profile.learnedFrom !== old.learnedFrom
    ? `, of version ${profile.learnedFrom ?? "unknown"} after ${old.learnedFrom}`
    : "";
  const changes = [...listNames("New", added), ...listNames("Gone", gone)];
  return `Saved ${path}: ${count}${versions}.\n${changes.join("") || "No command has changed.\n"}`;
}

function listNames(label: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > mostNames ? `, and ${names.length - mostNames} more` : "";
  return [`${label}: ${printable(names.slice(0, mostNames).join(", "))}${more}.\n`];
}

/** Writes a profile, indented, with each list of words on one line. */
export function formatProfile(profile: Profile): string {
  const json = JSON.stringify(profile, null, 2).replace(
    /\[\s+("(?:[^"\\]|\\.)*"(?:,\s+"(?:[^"\\]|\\.)*")*)\s+\]/g,
    (_, list: string) => `[${list.replace(/,\s+"/g, ', "')}]`,
  );
  return `${json}\n`;
}
