/**
 * The answer of a report as one self-contained web page: no script, nothing loaded from anywhere.
 *
 * @module
 */

import { brand } from "../../brand.ts";
import type { Answer, Figures } from "../../report/answer.ts";
import { barChart, type Chart, timeChart } from "./charts.ts";
import { isEmpty } from "./page.ts";
import { style } from "./html_style.ts";
import {
  callerName,
  change,
  count,
  dates,
  notes,
  nothingFound,
  passedOver,
  share,
  stepName,
  subject,
  systemName,
} from "./words.ts";

const mostBars = 20;

/** A part of the page: a chart, what it shows in words, and its figures as a table. */
interface Section {
  readonly title: string;
  readonly chart?: Chart;
  readonly alternative: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Writes the page. */
export function renderHtml(answer: Answer): string {
  const title = `${subject(answer)}, ${dates(answer.period)}`;
  const content = isEmpty(answer)
    ? `<p>${escape(nothingFound(answer))}</p>`
    : [tiles(answer), ...sections(answer).map(renderSection), ...unused(answer)].join("\n");
  const remarks = [...notes(answer), passedOver(answer)].filter((text) => text !== "");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<h1>${escape(subject(answer))}</h1>
<p>${escape(dates(answer.period))}</p>
</header>
${content}
<footer>
${remarks.map((text) => `<p>${escape(text)}</p>`).join("\n")}
<p>Made by ${escape(brand.name)}. Days are those of UTC.</p>
</footer>
</main>
</body>
</html>
`;
}

/** A text as part of the page, whatever is in it. What would turn the order of characters round is shown as its code. */
export function escape(text: string): string {
  const codes: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return visible(text).replace(/[&<>"']/g, (character) => codes[character]);
}

/** Shows control characters and such as turn the order of text round as their code. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function tiles(answer: Answer): string {
  const { total, previous } = answer;
  const tile = (name: string, now: number | null, before: number | null) =>
    `<div class="tile"><b>${escape(count(now, answer))}</b><span>${name}</span><i>${
      escape(change(now, before))
    }</i></div>`;
  return `<div class="tiles">${tile("people", total.people, previous.people)}${
    tile("runs", total.runs, previous.runs)
  }</div>`;
}

function sections(answer: Answer): Section[] {
  return [
    commands(answer),
    time(answer),
    ...(answer.weeks.length > 1 ? [weeks(answer)] : []),
    plain("Versions", answer.versions.map((each) => [each.version ?? "unknown", each]), answer),
    plain("Systems", answer.systems.map((each) => [systemName(each), each]), answer),
    ...(answer.callers.length > 0 ? [callers(answer)] : []),
  ].filter(({ rows }) => rows.length > 0);
}

function commands(answer: Answer): Section {
  const hasOthers = answer.commands.some(({ others }) => others.runs !== 0);
  const charted = answer.commands.filter(({ people }) => people !== null && people > 0).slice(0, mostBars);
  return {
    title: "Commands",
    ...bars(charted.map(({ command, people }) => [command, people]), "People by command"),
    headings: ["Command", "People", "Share", "Runs", "Change", ...(hasOthers ? ["Others' runs"] : [])],
    rows: answer.commands.map(({ command, people, share: part, runs, previous, others }) => [
      command,
      count(people, answer),
      share(part, answer),
      count(runs, answer),
      change(runs, previous.runs),
      ...(hasOthers ? [count(others.runs, answer)] : []),
    ]),
  };
}

/** A chart of people, and the same in words. */
function bars(
  values: readonly (readonly [string, number | null])[],
  what: string,
): Pick<Section, "chart" | "alternative"> {
  if (values.length === 0) return { alternative: "" };
  const names = values.map(([name]) => visible(name));
  const chart = barChart(names, [{ title: "people", values: values.map(([, people]) => people) }]);
  const words = values.slice(0, 5).map(([name, people]) => `${visible(name)} ${people ?? "held back"}`).join(
    ", ",
  );
  return { chart, alternative: `${what}: ${words}${values.length > 5 ? ", and others" : ""}.` };
}

function plain(title: string, values: (readonly [string, Figures])[], answer: Answer): Section {
  const charted = values.filter(([, { people }]) => people !== null).slice(0, mostBars)
    .map(([name, { people }]) => [name, people] as const);
  return {
    title,
    ...bars(charted, `People by ${title.toLowerCase()}`),
    headings: [title.slice(0, -1), "People", "Runs"],
    rows: values.map(([name, { people, runs }]) => [name, count(people, answer), count(runs, answer)]),
  };
}

function time(answer: Answer): Section {
  const steps = answer.time.map((step) => stepName(step, answer));
  const isHeldBack = answer.time.every(({ runs }) => runs === null);
  const chart = isHeldBack ? undefined : timeChart(steps, [
    { title: "people", values: answer.time.map(({ people }) => people) },
    { title: "runs", values: answer.time.map(({ runs }) => runs) },
  ]);
  return {
    title: `By ${answer.period.by}`,
    chart,
    alternative: `People and runs by ${answer.period.by}, ${
      dates(answer.period)
    }; the figures are in the table.`,
    headings: [capital(answer.period.by), "People", "Runs"],
    rows: answer.time.map((step) => [dates(step), count(step.people, answer), count(step.runs, answer)]),
  };
}

function weeks(answer: Answer): Section {
  const chart = barChart(answer.weeks.map((week) => dates(week)), [
    { title: "new", values: answer.weeks.map(({ newPeople }) => newPeople) },
    { title: "returning", values: answer.weeks.map(({ returningPeople }) => returningPeople) },
  ]);
  return {
    title: "New and returning people",
    chart,
    alternative: "New and returning people by week; the figures are in the table.",
    headings: ["Week", "New", "Returning"],
    rows: answer.weeks.map((week) => [
      dates(week),
      count(week.newPeople, answer),
      count(week.returningPeople, answer),
    ]),
  };
}

function callers(answer: Answer): Section {
  const values = answer.callers.map(({ caller, senders, runs }) =>
    [callerName(caller), { people: senders, runs }] as const
  );
  return {
    ...plain("Callers", values, answer),
    title: "Who ran them",
    headings: ["Caller", "Senders", "Runs"],
  };
}

function capital(word: string): string {
  return word[0].toUpperCase() + word.slice(1);
}

function renderSection({ title, chart, alternative, headings, rows }: Section): string {
  const figure = chart === undefined
    ? ""
    : `<figure role="img" aria-label="${
      escape(alternative)
    }"><div class="wide" aria-hidden="true">${chart.wide}</div>` +
      `<div class="narrow" aria-hidden="true">${chart.narrow}</div></figure>\n`;
  const head = headings.map((heading) => `<th scope="col">${escape(heading)}</th>`).join("");
  const body = rows.map(([name, ...cells]) =>
    `<tr><th scope="row">${escape(name)}</th>${cells.map((cell) => `<td>${escape(cell)}</td>`).join("")}</tr>`
  ).join("\n");
  return `<section>
<h2>${escape(title)}</h2>
<div class="pair">
${figure}<div class="table"><table><thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody></table></div>
</div>
</section>`;
}

function unused(answer: Answer): string[] {
  return answer.unused.map(({ tool, of, commands: names }) =>
    `<section>
<h2>Used by nobody</h2>
<p>${names.length} of the ${of} commands of ${escape(tool)}.</p>
<ul class="names">${names.map((name) => `<li>${escape(name)}</li>`).join("")}</ul>
</section>`
  );
}
