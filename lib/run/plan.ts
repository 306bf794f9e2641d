/**
 * Decides what a run sends, and where, before anything is written or run.
 *
 * @module
 */

import { askConsent, countedMarker, describeRefusal, refusingVariables } from "../consent/consent.ts";
import { courierMarker } from "../delivery/courier_start.ts";
import { asksForHelp, nameCommand, type NamedCommand } from "../profile/name.ts";
import type { Profile } from "../profile/profile.ts";
import { type VersionCall, versionCall } from "../profile/version_call.ts";
import type { Environment } from "../runtime/runtime.ts";
import { ingestUrl } from "../signal/endpoint.ts";
import { findCaller, type FoundCaller } from "../signal/caller.ts";
import { makeSignal, type Signal } from "../signal/signal.ts";
import { hashUser } from "../signal/user.ts";
import { system } from "../system/mod.ts";
import type { CommandLine } from "./command_line.ts";
import { settle, type Settled } from "./settle.ts";

/** What a run sends, or why it sends nothing. */
export type Plan = SendPlan | SkipPlan;

/** A signal is to be sent. */
export interface SendPlan {
  readonly kind: "send";
  /** Await it late: its user hash is being made beside everything else. */
  readonly signal: Promise<Signal>;
  /** Where the signal goes. */
  readonly url: string;
  /** Variables that the profile sets for the command. */
  readonly variables: Readonly<Record<string, string>>;
  /** How the courier finds out the tool's version, if it is to. */
  readonly versionCall: VersionCall | undefined;
  /** Who called the command, if the profile asks for it. */
  readonly caller: FoundCaller | undefined;
  /** Whether the session is that of the terminal, as the profile wants it. */
  readonly isTerminalSession: boolean;
  /** The commands in the command's name: words that the profile lists. */
  readonly words: readonly string[];
  /** Whether the name is the tool's alone although the profile lists commands: one may be missing there. */
  readonly isBare: boolean;
  readonly settled: Settled;
}

/** Nothing is sent. */
export interface SkipPlan {
  readonly kind: "skip";
  readonly reason: string;
  /** The variable, rule or profile that the reason rests on. */
  readonly decidedBy: string;
  readonly isOptedOut: boolean;
  /** Whether the reason is a fault in a variable or a profile that the user should know of. */
  readonly isProblem: boolean;
}

const uncountedRule =
  "the rule that calls for help, completion or the version, and hidden commands, are not counted";

/**
 * Decides what a run of this command sends. Of a user who is opted out, nothing more is read.
 *
 * @throws {UsageError} If an option names a profile that does not exist or is wrong.
 */
export async function makePlan(line: CommandLine, env: Environment): Promise<Plan> {
  if (env(courierMarker)) return skip("the courier itself is not counted", courierMarker);
  const consent = askConsent(env);
  if (!consent.given) return skipOptedOut(describeRefusal(consent));
  const settlement = await settle(line, env);
  if (settlement.kind === "problem") {
    return { ...skip(settlement.problem, settlement.decidedBy), isProblem: true };
  }
  return planSettled(settlement.settled, env);
}

function planSettled(settled: Settled, env: Environment): Plan {
  const { appID, args } = settled;
  const profile = settled.profile?.profile;
  const ownVariable = profile?.optOutVariable;
  if (ownVariable && ownVariable === env(countedMarker)) {
    return skip("it is counted already", countedMarker);
  }
  const [refusing] = refusingVariables(env, ownVariable);
  if (refusing !== undefined) return skipOptedOut(refusing);
  const name = nameOf(profile, args);
  if (!name.counted) return skip(name.reason, uncountedRule);
  if (appID === undefined) {
    return skip("no app ID is known; give --app-id or GS_TELEMETRY_APP_ID", describeAppless(profile));
  }
  const clientUser = hashUser(profile?.identity, env);
  const caller = profile?.caller ? findCaller(env) : undefined;
  const terminal = terminalOf(settled);
  const sessionID = terminal === undefined ? settled.session.value : sessionOf(terminal, clientUser);
  return {
    kind: "send",
    signal: signalOf(settled, { appID: appID.value, words: name.words, clientUser, sessionID, caller }),
    url: ingestUrl(settled.endpoint.value, settled.namespace?.value),
    variables: variablesOf(profile),
    versionCall: profile && !settled.toolVersion ? versionCall(profile, settled.command, env) : undefined,
    caller,
    isTerminalSession: terminal !== undefined,
    words: name.words,
    isBare: profile !== undefined && name.words.length === 0 && args.some((word) => /^\w/.test(word)),
    settled,
  };
}

/** Returns what tells the terminal session from others, if the profile wants one session for all its runs. */
function terminalOf({ profile, session }: Settled): string | undefined {
  const isWanted = profile?.profile.session === "terminal" && session.source.kind === "default";
  return isWanted ? system.terminalSession() : undefined;
}

async function sessionOf(terminal: string, clientUser: Promise<string>): Promise<string> {
  const { terminalSessionID } = await import("../signal/session.ts");
  return await terminalSessionID(terminal, await clientUser);
}

/** What a signal has beside what is settled. */
interface Found {
  readonly appID: string;
  readonly words: readonly string[];
  readonly clientUser: Promise<string>;
  readonly sessionID: string | Promise<string>;
  readonly caller: FoundCaller | undefined;
}

async function signalOf(
  { testMode, signalType, tool, toolVersion }: Settled,
  { appID, words, clientUser, sessionID, caller }: Found,
): Promise<Signal> {
  const envelope = {
    appID,
    clientUser: await clientUser,
    sessionID: await sessionID,
    isTestMode: testMode !== undefined,
    type: signalType.value,
  };
  return makeSignal(envelope, [tool.value, ...words].join(" "), toolVersion?.value, caller?.caller);
}

/** If the tool's own telemetry is switched off for this execution, whatever it runs is told so. */
function variablesOf(profile: Profile | undefined): Readonly<Record<string, string>> {
  const { environment = {}, optOutVariable = "" } = profile ?? {};
  return environment[optOutVariable] ? { ...environment, [countedMarker]: optOutVariable } : environment;
}

/** The name without the tool's own. */
function nameOf(profile: Profile | undefined, args: readonly string[]): NamedCommand {
  if (profile) return nameCommand(profile.root, args);
  return asksForHelp(args) ? { counted: false, reason: "help is not counted" } : { counted: true, words: [] };
}

function describeAppless(profile: Profile | undefined): string {
  return profile
    ? `the profile ${profile.name}, which names no app`
    : "the lack of a profile for this command";
}

function skip(reason: string, decidedBy: string): SkipPlan {
  return { kind: "skip", reason, decidedBy, isOptedOut: false, isProblem: false };
}

function skipOptedOut(decidedBy: string): SkipPlan {
  return { ...skip(`opted out by ${decidedBy}`, decidedBy), isOptedOut: true };
}
