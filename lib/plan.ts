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
} from "./consent.ts";
import { courierMarker } from "./delivery/courier.ts";
import { machineIdentifier, userHash, userIdentifier } from "./identity.ts";
import { asksForHelp, nameCommand } from "./name.ts";
import { type Options, optionValue } from "./options.ts";
import { baseName, type Profile } from "./profile/profile.ts";
import { chooseProfile } from "./profile/choice.ts";
import { runtime } from "./runtime/mod.ts";
import { makeSignal, type Signal } from "./signal.ts";
import { system } from "./system/mod.ts";
import { type VersionCall, versionCall } from "./tool_version.ts";

/** What a run sends, or why it sends nothing. */
export type Plan =
  | {
    readonly kind: "signal";
    readonly signal: Signal;
    /** Where the signal goes. */
    readonly url: string;
    /** Variables that the profile sets for the command. */
    readonly variables: Readonly<Record<string, string>>;
    /** How the courier finds out the tool's version, if it is to. */
    readonly versionCall?: VersionCall;
  }
  | {
    readonly kind: "silence";
    readonly reason: string;
    readonly optedOut: boolean;
    /** Whether the reason is a fault of a profile that the user should know of. */
    readonly isProblem: boolean;
  };

const defaultEndpoint = "https://nom.telemetrydeck.com/v2/";
const defaultSignalType = "Command.run";

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
  if (env(courierMarker)) return silence("the courier itself is not counted");
  const consent = askConsent(env);
  if (!consent.given) return optedOut(describeRefusal(consent));
  const claim = await chooseProfile(options, command, env);
  if (claim.kind === "problem") return silence(claim.problem, true);
  const { profile, args } = claim.kind === "match" ? claim.match : { args: command.slice(1) };
  if (profile?.optOut && profile.optOut === env(countedMarker)) return silence("it is counted already");
  const [variable] = refusingVariables(env, profile?.optOut);
  if (variable !== undefined) return optedOut(variable);
  const name = nameOf(profile, args, options.name ?? profile?.displayName ?? baseName(command[0]));
  if (!name.counted) return silence(name.reason);
  const appID = optionValue("app-id", options, env) ?? profile?.appID;
  if (appID === undefined) return silence("no app ID is known; give --app-id or GS_TELEMETRY_APP_ID");
  // Hashed in the background while the rest is worked out.
  const user = clientUser(profile, env);
  const toolVersion = options["tool-version"];
  const url = ingestUrl(options, env);
  const sessionID = optionValue("session", options, env) ?? crypto.randomUUID();
  const call = profile && toolVersion === undefined ? versionCall(profile, command, env) : undefined;
  const signal = makeSignal({
    appID,
    clientUser: await user,
    sessionID,
    testMode: isTestMode(options, profile, env),
    signalType: options["signal-type"] ?? profile?.signalType ?? defaultSignalType,
    command: name.command,
    toolVersion,
    os: runtime.os,
    architecture: runtime.architecture,
  });
  return {
    kind: "signal",
    signal,
    url,
    variables: variablesOf(profile),
    versionCall: call,
  };
}

/** Where the tool's own telemetry is switched off for this execution, whatever it runs is told so. */
function variablesOf(profile: Profile | undefined): Readonly<Record<string, string>> {
  const { environment = {}, optOut = "" } = profile ?? {};
  return environment[optOut] ? { ...environment, [countedMarker]: optOut } : environment;
}

function silence(reason: string, isProblem = false): Plan {
  return { kind: "silence", reason, optedOut: false, isProblem };
}

function optedOut(decidedBy: string): Plan {
  return { kind: "silence", reason: `opted out by ${decidedBy}`, optedOut: true, isProblem: false };
}

type Name =
  | { readonly counted: true; readonly command: string }
  | { readonly counted: false; readonly reason: string };

function nameOf(profile: Profile | undefined, args: readonly string[], tool: string): Name {
  if (!profile) {
    return asksForHelp(args)
      ? { counted: false, reason: "help is not counted" }
      : { counted: true, command: tool };
  }
  const name = nameCommand(profile.root, args);
  return name.counted ? { counted: true, command: [tool, ...name.words].join(" ") } : name;
}

function isTestMode(options: Options, profile: Profile | undefined, env: Environment): boolean {
  if (options["test-mode"] !== undefined || env("GS_TELEMETRY_TEST_MODE")) return true;
  return profile?.testMode !== undefined && env(profile.testMode) === "1";
}

/** The user hash in the signals about a tool. */
export function clientUser(profile: Profile | undefined, env: Environment): Promise<string> {
  const identifier = ownIdentifier(profile, env) ?? referenceIdentifier(env);
  return userHash(identifier, env("GS_TELEMETRY_SALT") ?? "");
}

function ownIdentifier(profile: Profile | undefined, env: Environment): string | undefined {
  if (profile?.identity !== "machine") return undefined;
  const user = env("USER") || env("LOGNAME") || env("USERNAME") || "";
  return machineIdentifier(system.machineID(), system.machine().uid, user);
}

function referenceIdentifier(env: Environment): string {
  return userIdentifier({
    ...system.machine(),
    os: runtime.os,
    architecture: runtime.architecture,
    user: env("USER") ?? "",
    username: env("USERNAME") ?? "",
    percentUsername: env("%USERNAME%") ?? "",
  });
}

/** An endpoint without a path is taken for a server that speaks the API where TelemetryDeck has it. */
export function ingestUrl(options: Options, env: Environment): string {
  const url = new URL(optionValue("endpoint", options, env) ?? defaultEndpoint);
  if (url.pathname === "/") url.pathname = "/v2/";
  const namespace = optionValue("namespace", options, env);
  if (namespace === undefined) return url.href;
  url.pathname = `${url.pathname.replace(/\/$/, "")}/namespace/${namespace}/`;
  return url.href;
}
