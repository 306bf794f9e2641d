/**
 * What a run would send, for people: each field, its value, where that is from and why it is sent.
 *
 * @module
 */

import type { SendPlan, SkipPlan } from "../run/plan.ts";
import type { Settled } from "../run/settle.ts";
import type { Source } from "../run/source.ts";
import { type FieldName, fieldReasons } from "../signal/fields.ts";
import type { Ingredient } from "../signal/identity.ts";
import type { Signal } from "../signal/signal.ts";
import { type PageStyle, paint, printable, wrap } from "./page.ts";

/** What a run would send, with what only `explain` tells. */
export interface ExplainedSignal extends Omit<SendPlan, "signal"> {
  readonly signal: Signal;
  /** Why a run on this machine could not record the signal, if so. */
  readonly obstacle: string | undefined;
  /** What the user hash is made of. */
  readonly ingredients: readonly Ingredient[];
  /** Where the salt is from, if there is one. */
  readonly saltSource: string | undefined;
}

/** What the page is about. */
export type Explained = ExplainedSignal | SkipPlan;

/** A heading with its value, and what is to be said about it. */
interface Entry {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

const indentation = "  ";
const neverSent =
  "Never sent: arguments, flags, what the command reads or prints, paths, folders, variables.";
const furtherReading = "More: https://github.com/giantswarm/gs-telemetry/blob/main/docs/privacy.md";

/** Writes the page. */
export function renderExplained(explained: Explained, style: PageStyle): string {
  const sections = explained.kind === "send"
    ? signalSections(explained, style)
    : skipSections(explained, style);
  return sections.map((lines) => lines.map((line) => `${line}\n`).join("")).join("\n");
}

function skipSections({ reason, decidedBy }: SkipPlan, style: PageStyle): string[][] {
  const entry = { name: "Decided by", value: decidedBy, note: "" };
  return [
    [...heading(`Nothing would be sent: ${reason}.`, "yellow", style), ...renderEntry(entry, style)],
  ];
}

function signalSections(explained: ExplainedSignal, style: PageStyle): string[][] {
  const { obstacle } = explained;
  const about = "A run would send this signal. Nothing was run, sent or written now.";
  return [
    obstacle === undefined
      ? heading(about, "green", style)
      : heading(`Nothing would be sent: ${obstacle}. Otherwise it would be this:`, "yellow", style),
    [destination(explained), profileUsed(explained.settled)].flatMap((entry) => renderEntry(entry, style)),
    fieldEntries(explained).flatMap((entry) => renderEntry(entry, style)),
    renderUser(explained, style),
    [neverSent, furtherReading].flatMap((text) => wrap(text, style)),
  ];
}

function heading(text: string, format: "green" | "yellow", style: PageStyle): string[] {
  return wrap(printable(text), style).map((line) => paint(format, line, style));
}

function destination({ url, settled: { endpoint, namespace } }: ExplainedSignal): Entry {
  const server = describe(endpoint.source, "The default: TelemetryDeck");
  const note = namespace ? `${server} The namespace: ${lowerFirst(describe(namespace.source, ""))}` : server;
  return { name: "To", value: url, note };
}

function profileUsed({ profile: match }: Settled): Entry {
  if (!match) return { name: "Profile", value: "none", note: "No profile claims this command." };
  const { profile: { name }, source, origin, askedBy, advice, replaced = [] } = match;
  const isFile = origin === "user" || origin === "organisation";
  const place = isFile ? `File ${source}.` : `${upperFirst(source)}.`;
  const choice = askedBy ? `Chosen by ${describeGiven(askedBy)}.` : "It claims this command.";
  const instead = replaced.map((other) => `It holds in place of ${other.name} (${other.source}).`);
  const notes = [place, choice, ...instead, ...(advice ? [`${advice}.`] : [])];
  return { name: "Profile", value: name, note: notes.join(" ") };
}

function fieldEntries(explained: ExplainedSignal): Entry[] {
  const { signal, versionCall, settled, caller, words } = explained;
  const { appID, clientUser, sessionID, isTestMode, type, payload } = signal;
  const fixed = "From this machine.";
  const byDefault = { kind: "default" } as const;
  return [
    field("appID", appID, describe(settled.appID?.source ?? byDefault, "")),
    field("clientUser", clientUser, "A hash."),
    field("sessionID", sessionID, describeSession(explained)),
    field("isTestMode", String(isTestMode), describe(settled.testMode ?? byDefault, "The default")),
    field("type", type, describe(settled.signalType.source, "The default")),
    field("caller", caller?.caller ?? "left out", caller?.rule ?? "The profile does not ask for it."),
    field("command", payload.command, describeCommand(settled.tool.source, words)),
    field(
      "TelemetryDeck.Device.architecture",
      payload["TelemetryDeck.Device.architecture"],
      fixed,
    ),
    field("TelemetryDeck.Device.operatingSystem", payload["TelemetryDeck.Device.operatingSystem"], fixed),
    field("TelemetryDeck.SDK.nameAndVersion", payload["TelemetryDeck.SDK.nameAndVersion"], "This program."),
    ...versionEntries(payload.appVersion, versionCall, settled.toolVersion?.source),
    field("receivedAt", "left out", "Sent only more than an hour after the run."),
  ];
}

function describeSession({ isTerminalSession, settled: { session, profile } }: ExplainedSignal): string {
  if (isTerminalSession) return "From the profile's session. One for this terminal session.";
  const isWanted = profile?.profile.session === "terminal";
  return describe(
    session.source,
    isWanted ? "Random, since this is no terminal" : "Random, new for each run",
  );
}

function versionEntries(
  version: string | undefined,
  call: ExplainedSignal["versionCall"],
  source: Source | undefined,
): Entry[] {
  const [value, origin] = version !== undefined && source
    ? [version, describe(source, "")]
    : call
    ? ["added later", `The courier asks ${[call.executable, ...call.args].join(" ")}.`]
    : ["left out", "Not known."];
  return [
    field("TelemetryDeck.AppInfo.version", value, origin),
    field("appVersion", value, origin),
  ];
}

function describeCommand(tool: Source, words: readonly string[]): string {
  const first = describe(tool, "The executable's name");
  return words.length === 0 ? first : `${first} Then commands that the profile lists: ${words.join(" ")}.`;
}

function field(name: FieldName, value: string, origin: string): Entry {
  return { name, value, note: `${origin} ${fieldReasons[name]}` };
}

/** Says where a value is from, as a sentence. */
function describe(source: Source, byDefault: string): string {
  return source.kind === "default" ? `${byDefault}.` : `From ${describeGiven(source)}.`;
}

function describeGiven(source: Source): string {
  switch (source.kind) {
    case "profile":
      return `the profile's ${source.key}`;
    case "organisation":
      return `the organisation's settings, ${source.file}`;
    case "brand":
      return "this build";
    case "default":
      return "the default";
    default:
      return `the ${source.kind} ${source.name}`;
  }
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

function renderUser({ ingredients, saltSource }: ExplainedSignal, style: PageStyle): string[] {
  const salt = {
    name: `salt (${saltSource ?? "GS_TELEMETRY_SALT"})`,
    value: saltSource === undefined ? "not set" : "set",
  };
  const about =
    "clientUser is the SHA-256 of the following, in this order. Only the hash leaves this machine, and " +
    "operating system and architecture as fields of their own:";
  return [
    ...wrap(about, style),
    ...[...ingredients, salt].flatMap((ingredient) => renderIngredient(ingredient, style)),
  ];
}

function renderIngredient({ name, value }: Ingredient, style: PageStyle): string[] {
  const shown = value === "" ? "empty" : printable(String(value));
  const width = 26;
  const line = `${indentation}${name.padEnd(width)}${shown}`;
  if (line.length <= style.columns) return [line];
  return [`${indentation}${name}`, ...wrap(shown, style, indentation.repeat(2))];
}

function renderEntry({ name, value, note }: Entry, style: PageStyle): string[] {
  const shown = printable(value);
  const fits = name.length + indentation.length + shown.length <= style.columns;
  const label = paint("bold", name, style);
  const first = fits ? [`${label}${indentation}${shown}`] : [label, ...wrap(shown, style, indentation)];
  return note === ""
    ? first
    : [...first, ...wrap(printable(note), style, indentation).map((line) => paint("dim", line, style))];
}
