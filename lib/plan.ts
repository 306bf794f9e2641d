/**
 * Decides what a run sends, and where, before anything is written or run: consent, then the profile
 * and the name, then the signal.
 *
 * @module
 */

import { askConsent, type Environment } from "./consent.ts";
import { courierMarker } from "./courier.ts";
import { userHash, userIdentifier } from "./identity.ts";
import { asksForHelp, nameCommand } from "./name.ts";
import { type Options, optionValue } from "./options.ts";
import { baseName, builtInProfiles, matchProfile, type Profile, type ProfileMatch } from "./profile.ts";
import { runtime } from "./runtime/mod.ts";
import { makeSignal, type Signal } from "./signal.ts";
import { system } from "./system/mod.ts";
import { UsageError } from "./usage_error.ts";

/** What a run sends, or why it sends nothing. */
export type Plan =
  | {
    readonly kind: "signal";
    readonly signal: Signal;
    /** Where the signal goes. */
    readonly url: string;
    /** Variables that the profile sets for the command. */
    readonly variables: Readonly<Record<string, string>>;
  }
  | { readonly kind: "silence"; readonly reason: string; readonly optedOut: boolean };

const defaultEndpoint = "https://nom.telemetrydeck.com/v2/";
const defaultSignalType = "Command.run";

/**
 * Decides what a run of this command sends.
 *
 * @throws {UsageError} On a wrong variable or profile.
 */
export async function makePlan(
  options: Options,
  command: readonly string[],
  env: Environment,
): Promise<Plan> {
  if (env(courierMarker)) return silence("the courier itself is not counted");
  const generalConsent = askConsent(env);
  if (!generalConsent.given) return optedOut(generalConsent.decidedBy);
  const { profile, args } = await selectProfile(options, command, env);
  const consent = askConsent(env, profile?.optOut);
  if (!consent.given) return optedOut(consent.decidedBy);
  const name = nameOf(profile, args, options.name ?? profile?.displayName ?? baseName(command[0]));
  if (!name.counted) return silence(name.reason);
  const appID = optionValue("app-id", options, env) ?? profile?.appID;
  if (appID === undefined) return silence("no app ID is known; give --app-id or GS_TELEMETRY_APP_ID");
  const signal = makeSignal({
    appID,
    clientUser: await clientUser(env),
    sessionID: optionValue("session", options, env) ?? crypto.randomUUID(),
    testMode: isTestMode(options, profile, env),
    signalType: options["signal-type"] ?? profile?.signalType ?? defaultSignalType,
    command: name.command,
    toolVersion: options["tool-version"],
    os: runtime.os,
    architecture: runtime.architecture,
  });
  return { kind: "signal", signal, url: ingestUrl(options, env), variables: profile?.environment ?? {} };
}

function silence(reason: string): Plan {
  return { kind: "silence", reason, optedOut: false };
}

function optedOut(decidedBy: string): Plan {
  return { kind: "silence", reason: `opted out by ${decidedBy}`, optedOut: true };
}

async function selectProfile(
  options: Options,
  command: readonly string[],
  env: Environment,
): Promise<Partial<ProfileMatch> & Pick<ProfileMatch, "args">> {
  const wanted = optionValue("profile", options, env);
  const args = command.slice(1);
  if (wanted === undefined) return matchProfile(builtInProfiles, command) ?? { args };
  const profile = await loadProfile(wanted);
  return matchProfile([profile], command) ?? { profile, args };
}

async function loadProfile(wanted: string): Promise<Profile> {
  if (/[/\\]|\.json$/.test(wanted)) {
    const { readProfile } = await import("./profile_file.ts");
    return readProfile(wanted);
  }
  const profile = builtInProfiles.find(({ name }) => name === wanted);
  if (profile) return profile;
  const names = builtInProfiles.map(({ name }) => name).join(", ");
  throw new UsageError(`unknown profile '${wanted}'; known are ${names}, and files by a path or with .json`);
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

function clientUser(env: Environment): Promise<string> {
  const identifier = userIdentifier({
    ...system.machine(),
    os: runtime.os,
    architecture: runtime.architecture,
    user: env("USER") ?? "",
    username: env("USERNAME") ?? "",
    percentUsername: env("%USERNAME%") ?? "",
  });
  return userHash(identifier, env("GS_TELEMETRY_SALT") ?? "");
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
