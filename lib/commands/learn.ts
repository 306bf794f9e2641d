/**
 * Learns a profile from a tool that is built with cobra.
 *
 * @module
 */

import { tell } from "../messages.ts";
import process from "node:process";
import { findExecutable } from "../system/executable.ts";
import type { CommandTree } from "../profile/name.ts";
import { builtInCandidates } from "../profile/built_in/mod.ts";
import { claimCommand } from "../profile/claim.ts";
import { baseName, type Profile } from "../profile/profile.ts";
import { runtime } from "../runtime/mod.ts";
import { Asker } from "../profile/learn/asker.ts";
import { askVersion } from "../profile/tool_version.ts";
import { versionCall } from "../profile/version_call.ts";
import { describeAppless, formatProfile, saveProfile } from "./learn_save.ts";
import { TreeLearner } from "../profile/learn/tree.ts";

/** What is learned, and within which bounds. */
export interface LearnOptions {
  /** The tool, and perhaps words such as a plugin's. */
  readonly tool: readonly [string, ...string[]];
  /** The TelemetryDeck app of the profile, a UUID. */
  readonly appID?: string;
  /** The type of the tool's signals. */
  readonly signalType?: string;
  /** Whether the profile is put into the user's directory of profiles, and not printed. */
  readonly isSaved: boolean;
  /** How long it may take, in seconds. */
  readonly timeout: number;
}

const notFound = 127;

/**
 * Learns a profile, and prints or saves it once it is whole.
 *
 * @returns The exit status.
 * @throws {Error} If the tool does not answer as cobra does, or the time is up.
 */
export async function learn({ tool, appID, signalType, isSaved, timeout }: LearnOptions): Promise<number> {
  if (findExecutable(tool[0], runtime.env) === undefined) {
    tell(`cannot learn '${tool[0]}': there is no such command`);
    return notFound;
  }
  const words = [baseName(tool[0]), ...tool.slice(1)];
  const asker = new Asker(tool, quietVariables(words), Date.now() + timeout * 1_000);
  try {
    const root = await new TreeLearner(asker, progress(words)).learn(words.join("-"));
    clearProgress();
    if (!root) throw new Error(describeStranger(words.join(" ")));
    const made = makeProfile(words, root, { appID, signalType });
    const profile = await withVersion(made, tool, asker.directory);
    if (isSaved) runtime.write(1, saveProfile(profile, runtime.env));
    else runtime.write(1, formatProfile(profile));
    if (!isSaved && appID === undefined) tell(describeAppless(runtime.env));
    return 0;
  } catch (error) {
    clearProgress();
    throw error;
  } finally {
    asker.close();
  }
}

function describeStranger(tool: string): string {
  return `'${tool}' does not answer '__complete' as a tool built with cobra does, so its profile has to be ` +
    "written by hand; see docs/profiles.md";
}

/** The learning is not counted, whichever variable the tool knows. */
function quietVariables(words: readonly string[]): Record<string, string> {
  const claim = claimCommand(builtInCandidates, words);
  const own = claim.kind === "match" ? claim.match.profile.optOutVariable : undefined;
  const optOuts = ["GS_TELEMETRY_OPTOUT", "DO_NOT_TRACK", variable(words, "OPTOUT"), ...(own ? [own] : [])];
  return {
    ...Object.fromEntries(optOuts.map((name) => [name, "1"])),
    COBRA_ACTIVE_HELP: "0",
    NO_COLOR: "1",
  };
}

/** The tool's own variable by the conventions of telemetrydeck-go, such as `HELM_TELEMETRY_OPTOUT`. */
function variable(words: readonly string[], purpose: string): string {
  const tool = words.join("_").toUpperCase().replace(/[^A-Z0-9]/g, "_").replace(/^(?=\d)/, "_");
  return `${tool}_TELEMETRY_${purpose}`;
}

/** By the machine's ID and apart from scripts, people are counted well; see docs/profiles.md. */
function makeProfile(
  words: readonly string[],
  root: CommandTree,
  { appID, signalType }: Pick<LearnOptions, "appID" | "signalType">,
): Profile {
  const versionCall = findVersionCall(root);
  return {
    name: words.join("-"),
    displayName: words.join(" "),
    match: listClaims(words),
    ...(appID === undefined ? {} : { appID }),
    ...(signalType === undefined ? {} : { signalType }),
    identity: "machine",
    caller: true,
    optOutVariable: variable(words, "OPTOUT"),
    testModeVariable: variable(words, "TESTMODE"),
    ...(versionCall ? { versionCall } : {}),
    root,
  };
}

/** A plugin such as `kubectl gs` is an executable of its own, `kubectl-gs`, which may be called by its name. */
function listClaims(words: readonly string[]): (readonly string[])[] {
  const plugin = words.join("-");
  const isPlugin = words.length > 1 && findExecutable(plugin, runtime.env) !== undefined;
  return isPlugin ? [words, [plugin]] : [words];
}

/** Notes from which version of the tool the profile was learned. */
async function withVersion(
  { root, ...profile }: Profile,
  tool: readonly string[],
  directory: string,
): Promise<Profile> {
  const call = versionCall({ root, ...profile }, tool, runtime.env);
  const learnedFrom = call && await askVersion(call, directory);
  return { ...profile, ...(learnedFrom === undefined ? {} : { learnedFrom }), root };
}

/** How to ask for the version; a command that may ask a server is called only with what keeps it from that. */
function findVersionCall({ versionFlags, commands }: CommandTree): string[] | undefined {
  if (versionFlags?.includes("--version")) return ["--version"];
  const command = commands?.find(({ name }) => name === "version");
  return command && ["version", ...(command.boolFlags?.includes("--client") ? ["--client"] : [])];
}

function progress(words: readonly string[]): (commands: number) => void {
  return (commands) => {
    if (process.stderr.isTTY) runtime.write(2, `\r\x1b[KLearning ${words.join(" ")}: ${commands} commands`);
  };
}

function clearProgress(): void {
  if (process.stderr.isTTY) runtime.write(2, "\r\x1b[K");
}
