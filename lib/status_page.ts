/**
 * How telemetry stands, for people: a page that fits their terminal.
 *
 * @module
 */

import { brand } from "./brand.ts";
import type { Environment } from "./consent.ts";
import { shortPath } from "./paths.ts";
import type { SurveyedProfile } from "./profile/survey.ts";
import type { Status } from "./status.ts";
import { system } from "./system/mod.ts";

/** How a page is to be shown. */
export interface PageStyle {
  /** Where lines end; infinite where they are not cut, so that other programs can read them. */
  readonly columns: number;
  readonly isColoured: boolean;
  /** Paths from here on are shown from `~` on. */
  readonly env: Environment;
}

/** A piece of text with a colour, or without. */
type Colour = "green" | "yellow" | "red";

/** A label and the paragraphs behind it. */
interface Row {
  readonly label: string;
  readonly values: readonly string[];
  readonly colour?: Colour;
}

const standardOutput = 1;
const labelWidth = 11;
const narrowestValue = 20;
const defaultColumns = 80;

/** The style that suits standard output: colour only on a terminal, without `NO_COLOR` (no-color.org). */
export function outputStyle(env: Environment): PageStyle {
  if (!system.isTerminal(standardOutput)) return { columns: Infinity, isColoured: false, env };
  const columns = process.stdout.columns || defaultColumns;
  return { columns, isColoured: !env("NO_COLOR") && env("TERM") !== "dumb", env };
}

/** Writes the page. */
export function renderStatus(status: Status, now: number, style: PageStyle): string {
  const sections = [consentRows(status, style), signalRows(status, style), deliveryRows(status, now)];
  return sections.map((rows) => rows.map((row) => renderRow(row, style)).join("")).join("\n");
}

function consentRows({ consent, settingsFile }: Status, { env }: PageStyle): Row[] {
  const { given, decidedBy, fault } = consent;
  const reason = decidedBy === null
    ? " (nobody has chosen otherwise)"
    : `, by ${shortPath(decidedBy, env)}${fault === null ? "" : `, which ${fault}`}`;
  const wayOn = decidedBy === settingsFile ? `${brand.name} enable` : `unset ${decidedBy}`;
  const change = given ? `To switch it off: ${brand.name} disable` : `To switch it on: ${wayOn}`;
  return [{
    label: "Telemetry",
    values: [`${given ? "on" : "off"}${reason}`, change],
    colour: given ? "green" : "yellow",
  }];
}

function signalRows({ endpoint, clientUser, profiles, consent }: Status, style: PageStyle): Row[] {
  const signal = consent.given
    ? [
      "one signal a run: the command's name, never its arguments",
      `To see it: ${brand.name} explain -- COMMAND`,
    ]
    : ["nothing"];
  return [
    { label: "Sent", values: signal },
    { label: "To", values: [endpoint] },
    { label: "User hash", values: [clientUser] },
    ...profiles.map((profile, index) => profileRow(profile, index === 0 ? "Profiles" : "", style)),
  ];
}

function profileRow(
  { name, source, problem, optedOutBy }: SurveyedProfile,
  label: string,
  { env }: PageStyle,
): Row {
  const place = `${name}, ${source === "built in" ? source : shortPath(source, env)}`;
  if (problem !== null) return { label, values: [place, problem], colour: "red" };
  return optedOutBy === null
    ? { label, values: [place] }
    : { label, values: [`${place}: off, by ${optedOutBy}`], colour: "yellow" };
}

function deliveryRows(status: Status, now: number): Row[] {
  const { queue, isDelivering, lastDelivery, lastError, nextTry, setAside, dropped, stateDirectory } = status;
  const when = (time: string) => relativeTime(Date.parse(time), now);
  const oldest = queue.oldest === null ? "" : `, the oldest from ${when(queue.oldest)}`;
  const delivering = isDelivering ? "; being sent now" : "";
  const rows: (Row | false)[] = [
    stateDirectory === null && { label: "Queue", values: ["none: there is no home to keep it in"] },
    { label: "Waiting", values: [`${countSignals(queue.length)}${oldest}${delivering}`] },
    { label: "Delivered", values: [lastDelivery === null ? "never" : `last ${when(lastDelivery)}`] },
    lastError !== null &&
    { label: "Last error", values: [`${when(lastError.at)}: ${lastError.reason}`], colour: "red" },
    nextTry !== null && { label: "Next try", values: [when(nextTry)] },
    setAside > 0 &&
    { label: "Set aside", values: [`${countSignals(setAside)} that a server refused for good`] },
    dropped > 0 && { label: "Given up", values: [`${countSignals(dropped)}: too old, too many or damaged`] },
  ];
  return rows.filter((row) => row !== false);
}

function countSignals(count: number): string {
  return count === 0 ? "nothing" : count === 1 ? "1 signal" : `${count} signals`;
}

const units: readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** Says when something was or will be, such as "3 minutes ago" or "in 2 hours". */
export function relativeTime(time: number, now: number): string {
  const seconds = (time - now) / 1_000;
  const [unit, length] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en", { numeric: Math.abs(seconds) < 1 ? "auto" : "always" }).format(
    Math.trunc(seconds / length),
    unit,
  );
}

function renderRow({ label, values, colour }: Row, { columns, isColoured }: PageStyle): string {
  const paint = (format: "bold" | Colour, text: string) =>
    isColoured
      ? process.getBuiltinModule("node:util").styleText(format, text, { validateStream: false })
      : text;
  const width = Math.max(columns - labelWidth, narrowestValue);
  const lines = values.flatMap((value) => wrap(value, width));
  const rendered = lines.map((line, index) => {
    const head = index === 0 && label !== ""
      ? paint("bold", label) + " ".repeat(labelWidth - label.length)
      : "";
    return `${head || " ".repeat(labelWidth)}${colour && index === 0 ? paint(colour, line) : line}\n`;
  });
  return rendered.join("");
}

/** Breaks a text into lines, between words where that is possible. */
export function wrap(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const space = text.lastIndexOf(" ", width);
  const end = space > 0 ? space : width;
  return [text.slice(0, end), ...wrap(text.slice(end).trimStart(), width)];
}
