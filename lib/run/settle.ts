/**
 * Options, variables and the profile become one record, once, at the entrance of a run. Nobody behind it asks
 * for an option, or for a variable that stands for one.
 *
 * @module
 */

import type { Claim, ProfileMatch } from "../profile/claim.ts";
import { baseName, type Profile } from "../profile/profile.ts";
import { profileAskedFor, selectProfile } from "../profile/select.ts";
import type { Environment } from "../runtime/runtime.ts";
import { findSaltProblem } from "../signal/salt.ts";
import { findExecutable } from "../system/executable.ts";
import { UsageError } from "../usage_error.ts";
import { findAddress } from "./address.ts";
import type { CommandLine } from "./command_line.ts";
import { toolPastLink } from "./link.ts";
import { findOption, type OptionName, type Options, VariableError } from "./options.ts";
import { byDefault, type Source, type Sourced } from "./source.ts";

/** The type of signals if nobody has said another. */
export const defaultSignalType = "Command.run";

/** All that is said about a run, each value with its origin. */
export interface Settled {
  /** What is run: the command as it was given or, instead of a link to this program, the tool behind it. */
  readonly command: readonly [string, ...string[]];
  /** The file that running the command would execute; `undefined` if there is no such command. */
  readonly executable: string | undefined;
  readonly profile: SettledProfile | undefined;
  /** The words behind those that the profile claims, or behind the executable's name. */
  readonly args: readonly string[];
  readonly appID: Sourced | undefined;
  readonly endpoint: Sourced;
  readonly namespace: Sourced | undefined;
  /** What to call the tool: the first part of the command's name. */
  readonly tool: Sourced;
  readonly toolVersion: Sourced | undefined;
  readonly signalType: Sourced;
  readonly session: Sourced;
  /** What marks the signal as a test, if anything does. */
  readonly testMode: Source | undefined;
  /** For how long to wait for the delivery after the command's end, in seconds; 0 for not at all. */
  readonly wait: number;
}

/** The profile of a run and how it came to be. */
export interface SettledProfile extends ProfileMatch {
  /** Who asked for it; `undefined` if it claims the command itself. */
  readonly askedBy: Source | undefined;
}

/** The settled record, or the fault in a variable or a profile that keeps it from being made. */
export type Settlement =
  | { readonly kind: "settled"; readonly settled: Settled }
  | { readonly kind: "problem"; readonly problem: string; readonly decidedBy: string };

/**
 * Settles what is said about a run.
 *
 * @throws {UsageError} If an option names a profile that does not exist or is wrong.
 */
export async function settle(
  { options, command: given }: CommandLine,
  env: Environment,
): Promise<Settlement> {
  try {
    const saltProblem = findSaltProblem(env);
    if (saltProblem !== undefined) {
      return { kind: "problem", problem: saltProblem, decidedBy: "the salt of this build" };
    }
    const { command, executable } = findCommand(given, env);
    const wanted = findOption("profile", options, env);
    const claim = wanted
      ? await claimAskedFor(wanted, command, env)
      : await selectProfile(command, executable, env);
    if (claim.kind === "problem") {
      return { kind: "problem", problem: claim.problem, decidedBy: "the profile" };
    }
    const profile = claim.kind === "match" ? { ...claim.match, askedBy: wanted?.source } : undefined;
    return { kind: "settled", settled: { ...settleValues(options, command, profile, env), executable } };
  } catch (error) {
    if (!(error instanceof VariableError)) throw error;
    return { kind: "problem", problem: error.message, decidedBy: error.variable };
  }
}

/** Finds what the command executes. A link to this program would count it again, so the tool behind it is taken. */
function findCommand(
  given: CommandLine["command"],
  env: Environment,
): Pick<Settled, "command" | "executable"> {
  const found = findExecutable(given[0], env);
  const tool = found === undefined ? undefined : toolPastLink(found, env);
  if (tool === undefined) return { command: given, executable: found };
  return { command: [tool, ...given.slice(1)], executable: tool };
}

/** A wrong profile is a usage error only if the caller's own command line asks for it. */
export async function claimAskedFor(
  { value, source }: Sourced,
  command: readonly string[],
  env: Environment,
): Promise<Claim> {
  try {
    return await profileAskedFor(value, command, env);
  } catch (error) {
    if (source.kind !== "variable" || !(error instanceof UsageError)) throw error;
    throw new VariableError(source.name, `${source.name}: ${error.message}`);
  }
}

function settleValues(
  options: Options,
  command: CommandLine["command"],
  match: SettledProfile | undefined,
  env: Environment,
): Omit<Settled, "executable"> {
  const profile = match?.profile;
  const find = (name: OptionName) => findOption(name, options, env);
  return {
    command,
    profile: match,
    args: match?.args ?? command.slice(1),
    appID: find("appID") ?? fromProfile(profile, "appID"),
    ...findAddress(options, env),
    tool: find("name") ?? fromProfile(profile, "displayName") ?? byDefault(baseName(command[0])),
    toolVersion: find("toolVersion"),
    signalType: find("signalType") ?? fromProfile(profile, "signalType") ?? byDefault(defaultSignalType),
    session: find("session") ?? byDefault(crypto.randomUUID()),
    testMode: find("testMode")?.source ?? ownTestMode(profile, env),
    wait: Number(find("wait")?.value ?? 0),
  };
}

function fromProfile(
  profile: Profile | undefined,
  key: "appID" | "displayName" | "signalType",
): Sourced | undefined {
  const value = profile?.[key];
  return value === undefined ? undefined : { value, source: { kind: "profile", key } };
}

function ownTestMode(profile: Profile | undefined, env: Environment): Source | undefined {
  const variable = profile?.testModeVariable;
  return variable !== undefined && env(variable) === "1" ? { kind: "variable", name: variable } : undefined;
}
