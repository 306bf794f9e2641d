/**
 * How telemetry stands, for people: a page that fits their terminal.
 *
 * @module
 */

import { brand } from "../brand.ts";
import type { Environment } from "../runtime/runtime.ts";
import { type Format, type PageStyle, paint, printable, wrap } from "./page.ts";
import { shortPath } from "../directories/paths.ts";
import type { SurveyedProfile } from "../profile/survey.ts";
import type { Status } from "./status_survey.ts";

/** A label and the paragraphs behind it. */
interface Row {
  readonly label: string;
  readonly values: readonly string[];
  readonly colour?: Format;
}

const labelWidth = 11;

/**
 * Writes the page.
 *
 * @param env Paths are shown from `~` on, if the home is known.
 */
export function renderStatus(status: Status, now: number, style: PageStyle, env: Environment): string {
  const sections = [
    [...consentRows(status, env), ...organisationRows(status)],
    signalRows(status, env),
    deliveryRows(status, now, env),
  ];
  return sections.map((rows) => rows.map((row) => renderRow(row, style)).join("")).join("\n");
}

function consentRows({ consent, settingsFile, organisation }: Status, env: Environment): Row[] {
  const { given, decidedBy, fault } = consent;
  const reason = decidedBy === null
    ? " (nobody has chosen otherwise)"
    : `, by ${shortPath(decidedBy, env)}${fault === null ? "" : `, which ${fault}`}`;
  const wayOn = decidedBy === settingsFile ? `${brand.name} enable` : `unset ${decidedBy}`;
  const change = given
    ? `To switch it off: ${brand.name} disable`
    // Their settings, or the directory that may not be read.
    : decidedBy !== null && organisation.settingsFile.startsWith(decidedBy)
    ? "This holds for everyone on this machine."
    : `To switch it on: ${wayOn}`;
  return [{
    label: "Telemetry",
    values: [`${given ? "on" : "off"}${reason}`, change],
    colour: given ? "green" : "yellow",
  }];
}

function organisationRows({ organisation: { ignored } }: Status): Row[] {
  const values = ignored.map(({ path, reason }) => `${path} ${reason}`);
  return values.length === 0 ? [] : [{ label: "Ignored", values, colour: "yellow" }];
}

function signalRows(status: Status, env: Environment): Row[] {
  const { endpoint, clientUser, profiles, consent, problems } = status;
  const signal = consent.given && problems.length === 0
    ? [
      "one signal a run: the command's name, never its arguments",
      `To see it: ${brand.name} explain -- COMMAND`,
    ]
    : ["nothing"];
  return [
    { label: "Sent", values: signal },
    ...problems.map((problem): Row => ({ label: "Problem", values: [problem], colour: "red" })),
    { label: "To", values: [endpoint ?? "not known"] },
    { label: "User hash", values: [clientUser] },
    ...profiles.map((profile, index) => profileRow(profile, index === 0 ? "Profiles" : "", env)),
  ];
}

function profileRow(
  { name, source, origin, problem, optedOutBy, advice, replacedBy }: SurveyedProfile,
  label: string,
  env: Environment,
): Row {
  const place = `${name}, ${origin === "user" ? shortPath(source, env) : source}`;
  if (problem !== null) return { label, values: [place, problem], colour: "red" };
  const advised = [
    ...(replacedBy === null
      ? []
      : [`for ${replacedBy.claims.join(" and ")} replaced by ${shortPath(replacedBy.source, env)}`]),
    ...(advice === null ? [] : [advice]),
  ];
  return optedOutBy === null
    ? { label, values: [place, ...advised] }
    : { label, values: [`${place}: off, by ${optedOutBy}`, ...advised], colour: "yellow" };
}

function deliveryRows(status: Status, now: number, env: Environment): Row[] {
  const { queue, isDelivering, lastDelivery, lastError, nextTry, setAside, dropped } = status;
  const when = (time: string) => relativeTime(Date.parse(time), now);
  const oldest = queue.oldest === null ? "" : `, the oldest from ${when(queue.oldest)}`;
  const delivering = isDelivering ? "; being sent now" : "";
  const rows: (Row | false)[] = [
    !status.isWritable && { label: "Queue", values: [`none: ${whyNoQueue(status, env)}`], colour: "red" },
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

function whyNoQueue({ stateDirectory }: Status, env: Environment): string {
  return stateDirectory === null
    ? "there is no home to keep it in"
    : `${shortPath(stateDirectory, env)} cannot be written, so nothing is sent`;
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
  const found = units.find(([, length]) => Math.abs(seconds) >= length);
  if (found === undefined) return seconds > 0 ? "in a moment" : "a moment ago";
  const [unit, length] = found;
  return new Intl.RelativeTimeFormat("en").format(Math.trunc(seconds / length), unit);
}

function renderRow({ label, values, colour }: Row, style: PageStyle): string {
  const indentation = " ".repeat(labelWidth);
  const lines = values.flatMap((value) => wrap(printable(value), style, indentation));
  const rendered = lines.map((line, index) => {
    if (index > 0) return `${line}\n`;
    const value = line.slice(labelWidth);
    return `${paint("bold", label, style)}${indentation.slice(label.length)}${
      colour ? paint(colour, value, style) : value
    }\n`;
  });
  return rendered.join("");
}
