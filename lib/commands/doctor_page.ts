/**
 * What `doctor` found, for people.
 *
 * @module
 */

import type { Check, Subject } from "./doctor_checks.ts";
import { type PageStyle, paint, printable, wrap } from "./page.ts";

const titles: Readonly<Record<Subject, string>> = {
  telemetry: "Telemetry",
  link: "Links",
  profile: "Profiles",
  variable: "Variables",
  directory: "Directories",
  delivery: "Delivery",
};

/** Writes the page. */
export function renderChecks(checks: readonly Check[], style: PageStyle): string {
  const sections = (Object.keys(titles) as Subject[]).map((subject) =>
    renderSection(titles[subject], checks.filter((check) => check.subject === subject), style)
  );
  const text = sections.filter((section) => section !== "").join("\n");
  return `${text}\n${renderSummary(checks, style)}\n`;
}

function renderSection(title: string, checks: readonly Check[], style: PageStyle): string {
  if (checks.length === 0) return "";
  return `${paint("bold", title, style)}\n${checks.map((check) => renderCheck(check, style)).join("")}`;
}

function renderCheck({ subject, name, isWell, finding, advice }: Check, style: PageStyle): string {
  const text = ["link", "profile"].includes(subject) ? `${name}: ${finding}` : finding;
  const lines = wrap(printable(text), style, "       ");
  const mark = isWell ? paint("green", "  ok   ", style) : paint("red", "  bad  ", style);
  const todo = advice === null ? [] : wrap(printable(advice), style, "         ");
  if (todo.length > 0) todo[0] = `       > ${todo[0].trimStart()}`;
  return [mark + lines[0].trimStart(), ...lines.slice(1), ...todo].map((line) => `${line}\n`).join("");
}

function renderSummary(checks: readonly Check[], style: PageStyle): string {
  const count = checks.filter(({ isWell }) => !isWell).length;
  if (count === 0) return paint("green", "All is well.", style);
  return paint("red", count === 1 ? "1 thing is not well." : `${count} things are not well.`, style);
}
