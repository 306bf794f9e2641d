/**
 * Decides what a run sends, and where, before anything is written or run: consent, then the profile
 * and the name, then the signal.
 *
 * @module
 */

import {
  askConsent,
  countedMarker,
  describeRefusal,
  type Environment,
  refusingVariables,
} from "../consent/consent.ts";
import { courierMarker } from "../delivery/courier_start.ts";
import { findExecutable } from "../system/executable.ts";
import { asksForHelp, nameCommand, type NamedCommand } from "../profile/name.ts";
import { findOption, type Options } from "./options.ts";
import { baseName, type Profile } from "../profile/profile.ts";
import { chooseProfile } from "../profile/select.ts";
import { runtime } from "../runtime/mod.ts";
import { makeSignal, type Signal } from "../signal/signal.ts";
import { byDefault, type Source, type Sourced } from "./source.ts";
import { presentUser, type User } from "../signal/user.ts";
import { type VersionCall, versionCall } from "../profile/version_call.ts";

/** What a run sends, or why it sends nothing. */
export type Plan =
  | {
    readonly kind: "signal";
    readonly signal: Signal;
    /** Where the signal goes. */
    readonly url: string;
    /** The file that running the command would execute; nothing where there is no such command. */
    readonly executable?: string;
    /** Variables that the profile sets for the command. */
    readonly variables: Readonly<Record<string, string>>;
    /** How the courier finds out the tool's version, if it is to. */
    readonly versionCall?: VersionCall;
    /** Where all of this is from; stays in this process. */
    readonly origins: Origins;
  }
  | {
    readonly kind: "silence";
    readonly reason: string;
    /** The variable, rule or profile that the reason rests on. */
    readonly decidedBy: string;
    readonly optedOut: boolean;
    /** Whether the reason is a fault of a profile that the user should know of. */
    readonly isProblem: boolean;
  };

/** Where the values of a signal are from, for `explain`. What is not listed is the same for every run. */
export interface Origins {
  readonly profile?: {
    readonly name: string;
    /** `built in`, or a file's path. */
    readonly source: string;
    /** Nothing where it claims the command itself. */
    readonly askedBy?: Source;
  };
  readonly appID: Source;
  readonly session: Source;
  readonly testMode: Source;
  readonly signalType: Source;
  /** Of the first part of the command's name. */
  readonly tool: Source;
  /** The rest of the command's name: commands that the profile lists. */
  readonly words: readonly string[];
  /** Nothing where the version is not known yet. */
  readonly toolVersion?: Source;
  readonly endpoint: Source;
  readonly namespace?: Source;
  readonly user: User;
}

const defaultEndpoint = "https://nom.telemetrydeck.com/v2/";
/** The type of signals of which nobody has said another. */
export const defaultSignalType = "Command.run";

/**
 * Decides what a run of this command sends.
 *
 * @throws {UsageError} On a wrong variable or a wrong profile that was asked for.
 */
export async function makePlan(
  options: Options,
  command: readonly string[],
  env: Environment,
): Promise<Plan> {
  if (env(courierMarker)) return silence("the courier itself is not counted", courierMarker);
  const consent = askConsent(env);
  if (!consent.given) return optedOut(describeRefusal(consent));
  const executable = findExecutable(command[0], env);
  const claim = await chooseProfile(options, { command, executable }, env);
  if (claim.kind === "problem") return silence(claim.problem, "the profile", true);
  const { profile, args, source = "" } = claim.kind === "match" ? claim.match : { args: command.slice(1) };
  if (profile?.optOut && profile.optOut === env(countedMarker)) {
    return silence("it is counted already", countedMarker);
  }
  const [variable] = refusingVariables(env, profile?.optOut);
  if (variable !== undefined) return optedOut(variable);
  const name = nameOf(profile, args);
  if (!name.counted) return silence(name.reason, uncountedRule);
  const appID = findOption("app-id", options, env) ?? fromProfile(profile, "appID");
  if (appID === undefined) {
    return silence("no app ID is known; give --app-id or GS_TELEMETRY_APP_ID", describeAppless(profile));
  }
  const chosen = profile && { profile, source, askedBy: claim.askedBy };
  return planSignal({ options, command, executable, env, chosen, appID, words: name.words });
}

/** What a signal is made from. */
interface Request {
  readonly options: Options;
  readonly command: readonly string[];
  readonly executable: string | undefined;
  readonly env: Environment;
  readonly chosen?: { readonly profile: Profile; readonly source: string; readonly askedBy?: Source };
  readonly appID: Sourced;
  readonly words: readonly string[];
}

function planSignal({ options, command, executable, env, chosen, appID, words }: Request): Plan {
  const profile = chosen?.profile;
  const tool = findOption("name", options, env) ?? fromProfile(profile, "displayName") ??
    byDefault(baseName(command[0]));
  const signalType = findOption("signal-type", options, env) ?? fromProfile(profile, "signalType") ??
    byDefault(defaultSignalType);
  const session = findOption("session", options, env) ?? byDefault(crypto.randomUUID());
  const testMode = findTestMode(options, profile, env);
  const toolVersion = findOption("tool-version", options, env);
  const { url, endpoint, namespace } = findAddress(options, env);
  const call = profile && toolVersion === undefined ? versionCall(profile, command, env) : undefined;
  const user = presentUser(profile, env);
  const signal = makeSignal({
    appID: appID.value,
    clientUser: user.hash,
    sessionID: session.value,
    testMode: testMode !== undefined,
    signalType: signalType.value,
    command: [tool.value, ...words].join(" "),
    toolVersion: toolVersion?.value,
    os: runtime.os,
    architecture: runtime.architecture,
  });
  return {
    kind: "signal",
    signal,
    url,
    executable,
    variables: variablesOf(profile),
    versionCall: call,
    origins: {
      profile: chosen && { name: chosen.profile.name, source: chosen.source, askedBy: chosen.askedBy },
      appID: appID.source,
      session: session.source,
      testMode: testMode ?? { kind: "default" },
      signalType: signalType.source,
      tool: tool.source,
      words,
      toolVersion: toolVersion?.source,
      endpoint,
      namespace,
      user,
    },
  };
}

function fromProfile(
  profile: Profile | undefined,
  key: "appID" | "displayName" | "signalType",
): Sourced | undefined {
  const value = profile?.[key];
  return value === undefined ? undefined : { value, source: { kind: "profile", key } };
}

/** Where the tool's own telemetry is switched off for this execution, whatever it runs is told so. */
function variablesOf(profile: Profile | undefined): Readonly<Record<string, string>> {
  const { environment = {}, optOut = "" } = profile ?? {};
  return environment[optOut] ? { ...environment, [countedMarker]: optOut } : environment;
}

const uncountedRule =
  "the rule that calls for help, completion or the version, and hidden commands, are not counted";

function describeAppless(profile: Profile | undefined): string {
  return profile
    ? `the profile ${profile.name}, which names no app`
    : "the lack of a profile for this command";
}

function silence(reason: string, decidedBy: string, isProblem = false): Plan {
  return { kind: "silence", reason, decidedBy, optedOut: false, isProblem };
}

function optedOut(decidedBy: string): Plan {
  return {
    kind: "silence",
    reason: `opted out by ${decidedBy}`,
    decidedBy,
    optedOut: true,
    isProblem: false,
  };
}

/** The name without the tool's own. */
function nameOf(profile: Profile | undefined, args: readonly string[]): NamedCommand {
  if (profile) return nameCommand(profile.root, args);
  return asksForHelp(args) ? { counted: false, reason: "help is not counted" } : { counted: true, words: [] };
}

/** What marks the signal as a test, if anything does. */
function findTestMode(options: Options, profile: Profile | undefined, env: Environment): Source | undefined {
  const general = findOption("test-mode", options, env);
  if (general) return general.source;
  const own = profile?.testMode;
  return own !== undefined && env(own) === "1" ? { kind: "variable", name: own } : undefined;
}

/** Where signals go, and who says so. */
interface Address {
  readonly url: string;
  readonly endpoint: Source;
  readonly namespace?: Source;
}

/** An endpoint without a path is taken for a server that speaks the API where TelemetryDeck has it. */
function findAddress(options: Options, env: Environment): Address {
  const endpoint = findOption("endpoint", options, env) ?? byDefault(defaultEndpoint);
  const url = new URL(endpoint.value);
  if (url.pathname === "/") url.pathname = "/v2/";
  const namespace = findOption("namespace", options, env);
  if (namespace) url.pathname = `${url.pathname.replace(/\/$/, "")}/namespace/${namespace.value}/`;
  return { url: url.href, endpoint: endpoint.source, namespace: namespace?.source };
}

/** The address that signals go to. */
export function ingestUrl(options: Options, env: Environment): string {
  return findAddress(options, env).url;
}
