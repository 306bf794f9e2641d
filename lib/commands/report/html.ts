/**
 * The answer of a report as one self-contained web page: no script, nothing loaded from anywhere.
 *
 * @module
 */

import { brand } from "../../brand.ts";
import type { Answer, Figures, TableName } from "../../report/answer.ts";
import type { Advice } from "./advice.ts";
import { barChart, type Chart, timeChart } from "./charts.ts";
import { escape, shortened, visible } from "./escape.ts";
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
  wholeHeldBack,
} from "./words.ts";

const mostBars = 20;

/** A part of the page: a chart, what it shows in words, and its figures as a table. */
interface Section {
  /** The table of the answer. */
  readonly of: TableName;
  readonly title: string;
  readonly chart?: Chart;
  readonly alternative: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Writes the page. */
export function renderHtml(answer: Answer, advice?: Advice): string {
  const title = `${subject(answer)}, ${dates(answer.period)}`;
  const content = isEmpty(answer)
    ? `<p>${escape(`${nothingFound(answer)} ${advice?.remark ?? ""}`.trim())}</p>`
    : [tiles(answer), ...sections(answer).map((each) => renderSection(each, answer)), ...unused(answer)].join(
      "\n",
    );
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
    plain("versions", answer.versions.map((each) => [each.version ?? "unknown", each]), answer),
    plain("systems", answer.systems.map((each) => [systemName(each), each]), answer),
    ...(answer.callers.length > 0 || answer.heldBack.includes("callers") ? [callers(answer)] : []),
  ].filter(({ of, rows }) => rows.length > 0 || answer.heldBack.includes(of));
}

function commands(answer: Answer): Section {
  const hasOthers = answer.commands.some(({ others }) => others.runs !== 0);
  const charted = answer.commands.filter(({ people }) => people !== null && people > 0).slice(0, mostBars);
  return {
    of: "commands",
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
  const words = values.slice(0, 5).map(([name, people]) =>
    `${visible(shortened(name))} ${people ?? "held back"}`
  ).join(
    ", ",
  );
  return { chart, alternative: `${what}: ${words}${values.length > 5 ? ", and others" : ""}.` };
}

function plain(of: TableName, values: (readonly [string, Figures])[], answer: Answer): Section {
  const charted = values.filter(([, { people }]) => people !== null).slice(0, mostBars)
    .map(([name, { people }]) => [name, people] as const);
  const title = capital(of);
  return {
    of,
    title,
    ...bars(charted, `People by ${of}`),
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
    of: "time",
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
    of: "weeks",
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
    ...plain("callers", values, answer),
    title: "Who ran them",
    headings: ["Caller", "Senders", "Runs"],
  };
}

function capital(word: string): string {
  return word[0].toUpperCase() + word.slice(1);
}

function renderSection({ of, title, chart, alternative, headings, rows }: Section, answer: Answer): string {
  if (answer.heldBack.includes(of)) {
    return `<section>\n<h2>${escape(title)}</h2>\n<p>${
      escape(capital(wholeHeldBack(answer)))
    }.</p>\n</section>`;
  }
  const figure = chart === undefined
    ? ""
    : `<figure role="img" aria-label="${
      escape(alternative)
    }"><div class="wide" aria-hidden="true">${chart.wide}</div>` +
      `<div class="narrow" aria-hidden="true">${chart.narrow}</div></figure>\n`;
  const head = headings.map((heading) => `<th scope="col">${escape(heading)}</th>`).join("");
  const body = rows.map(([name, ...cells]) =>
    `<tr>${rowHead(name)}${cells.map((cell) => `<td>${escape(cell)}</td>`).join("")}</tr>`
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

/** The name of a row: one that would fill the page is cut, and whole in its title. */
function rowHead(name: string): string {
  const shown = shortened(name);
  const title = shown === name ? "" : ` title="${escape(name)}"`;
  return `<th scope="row"${title}>${escape(shown)}</th>`;
}

function unused(answer: Answer): string[] {
  if (answer.heldBack.includes("unused")) {
    return [
      `<section>\n<h2>Used by nobody</h2>\n<p>${escape(capital(wholeHeldBack(answer)))}.</p>\n</section>`,
    ];
  }
  return answer.unused.map(({ tool, of, commands: names }) =>
    `<section>
<h2>Used by nobody</h2>
<p>${names.length} of the ${of} commands of ${escape(tool)}.</p>
<ul class="names">${names.map((name) => `<li>${escape(name)}</li>`).join("")}</ul>
</section>`
  );
}
