/**
 * The answer of a report, for people at a terminal.
 *
 * @module
 */

import type { Answer, Figures, TableName } from "../../report/answer.ts";
import { type PageStyle, paint, printable, wrap } from "../page.ts";
import type { Advice } from "./advice.ts";
import { bar, columnsOf, fit, widthOf } from "./bars.ts";
import {
  callerName,
  change,
  count,
  dates,
  notes,
  nothingFound,
  share,
  stepName,
  subject,
  systemName,
  wholeHeldBack,
} from "./words.ts";

const widest = 80;
const narrowest = 60;
const barColumns = 14;
const fewestBarColumns = 6;
const mostCommands = 20;
const mostOthers = 8;
const mostUnused = 30;
const longestName = 34;

/** A line of a table: a name, what its bar shows, and further columns. */
interface Row {
  readonly name: string;
  readonly figures: Figures;
  readonly cells: readonly string[];
}

/** Writes the page. */
export function renderReport(answer: Answer, style: PageStyle, advice?: Advice): string {
  const page = { ...style, columns: Math.min(style.columns, widest) };
  const sections = isEmpty(answer) ? nothing(answer, page, advice) : [
    totals(answer),
    orHeldBack("commands", "Commands", () => commands(answer, page)),
    orHeldBack("time", `By ${answer.period.by}`, () => time(answer, page)),
    answer.weeks.length < 2 ? [] : orHeldBack("weeks", "People by week", () => weeks(answer, page)),
    orHeldBack("versions", "Versions", () =>
      table(
        "Versions",
        ["people", "runs"],
        answer.versions.map((each) => rowOf(each.version ?? "unknown", each)),
        page,
      )),
    orHeldBack("systems", "Systems", () =>
      table(
        "Systems",
        ["people", "runs"],
        answer.systems.map((each) => rowOf(systemName(each), each)),
        page,
      )),
    orHeldBack("callers", "Who ran them", () => callers(answer, page)),
    orHeldBack("unused", "Used by nobody", () => unused(answer, page)),
    [...notes(answer), ...hiddenSteps(answer)].flatMap((note) => wrap(note, page)).map((line) =>
      paint("dim", line, page)
    ),
  ];
  const heading = wrap(`${printable(subject(answer))}, ${dates(answer.period)}`, page)
    .map((line) => paint("bold", line, page));
  return [heading, ...sections].filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${line.trimEnd()}\n`).join("")).join("\n");

  function orHeldBack(name: TableName, title: string, show: () => string[]): string[] {
    if (!answer.heldBack.includes(name)) return show();
    return [paint("bold", title, page), ...wrap(wholeHeldBack(answer), page, "  ")];
  }

  function rowOf(name: string, figures: Figures): Row {
    return { name, figures, cells: [count(figures.people, answer), count(figures.runs, answer)] };
  }
}

function nothing(answer: Answer, style: PageStyle, advice?: Advice): string[][] {
  const said = [nothingFound(answer), printable(advice?.remark ?? "")].join(" ").trim();
  // The command is not wrapped, so that it can be pasted.
  return [wrap(said, style), advice?.command ? ["A longer period:", `  ${printable(advice.command)}`] : []];
}

/** Reports whether nothing was counted, in this period and the previous one. */
export function isEmpty({ total, commands, heldBack }: Answer): boolean {
  return total.runs === 0 && commands.length === 0 && heldBack.length === 0;
}

function totals(answer: Answer): string[] {
  const { total, previous } = answer;
  const rows = [["People", total.people, previous.people], ["Runs", total.runs, previous.runs]] as const;
  const width = Math.max(...rows.map(([, value]) => count(value, answer).length));
  return rows.map(([name, value, before]) =>
    `${name.padEnd(8)}${count(value, answer).padStart(width)}  ${change(value, before)}`
  );
}

function commands(answer: Answer, style: PageStyle): string[] {
  const shown = answer.commands.slice(0, mostCommands);
  const hasOthers = answer.commands.some(({ others }) => others.runs !== 0);
  const rows = shown.map((command) => ({
    name: command.command,
    figures: command,
    cells: [
      count(command.people, answer),
      share(command.share, answer),
      count(command.runs, answer),
      change(command.runs, command.previous.runs),
      ...(hasOthers ? [count(command.others.runs, answer)] : []),
    ],
  }));
  const headings = ["people", "share", "runs", "change", ...(hasOthers ? ["others"] : [])];
  return [
    ...table("Commands", headings, rows, style, mostCommands),
    ...more(answer.commands.length - shown.length, style),
  ];
}

function more(hidden: number, style: PageStyle): string[] {
  return hidden > 0 ? [paint("dim", `… and ${hidden} more (--json and --html show all)`, style)] : [];
}

/**
 * A table whose rows have a bar. On a narrow terminal the bar and the columns stand below the name, and the last
 * columns are left out if there is no room for them.
 */
function table(
  title: string,
  headings: readonly string[],
  rows: readonly Row[],
  style: PageStyle,
  most = mostOthers,
): string[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, most);
  const widths = headings.map((heading, index) =>
    Math.max(heading.length, ...shown.map(({ cells }) => cells[index].length))
  );
  const align = (cells: readonly string[]) =>
    cells.map((cell, index) => cell.padStart(widths[index])).join("  ");
  const whole = Math.max(...shown.map(({ figures }) => figures.people ?? 0));
  const rest = style.columns - widthOf(align(headings)) - 2;
  if (rest < fewestBarColumns && headings.length > 1) {
    const fewer = rows.map((row) => ({ ...row, cells: row.cells.slice(0, -1) }));
    return table(title, headings.slice(0, -1), fewer, style, most);
  }
  const isNarrow = style.columns < narrowest;
  const bars = isNarrow ? Math.max(0, rest - 2) : Math.min(barColumns, Math.floor(rest / 3));
  const names = isNarrow ? style.columns : Math.min(longestName, rest - bars - 2, widestName(shown, title));
  const heading = isNarrow ? fit(title, bars + 4) : `${fit(title, names)}  ${fit("", bars)}  `;
  const lines = shown.flatMap(({ name, figures, cells }) => {
    const drawn = bars > 0 ? bar(figures.people ?? 0, whole, bars) : "";
    const behind = `  ${paint("green", drawn, style)}${" ".repeat(bars - widthOf(drawn))}  ${align(cells)}`;
    const shownName = fit(printable(name), names);
    return isNarrow ? [shownName, behind] : [shownName + behind];
  });
  return [
    paint("bold", heading + align(headings), style),
    ...lines,
    ...(most === mostOthers ? more(rows.length - most, style) : []),
  ];
}

function widestName(rows: readonly Row[], title: string): number {
  return Math.max(title.length, ...rows.map(({ name }) => widthOf(printable(name))));
}

/** A column a step, as wide as the page allows. */
function time(answer: Answer, style: PageStyle): string[] {
  const { time: steps, period } = answer;
  const label = 8;
  const shown = steps.slice(-(style.columns - label));
  const range = `${stepName(shown[0], answer)} to ${stepName(shown[shown.length - 1], answer)}`;
  const most = (pick: (figures: Figures) => number | null) => {
    const [busiest] = shown.filter((each) => pick(each) !== null)
      .toSorted((a, b) => (pick(b) ?? 0) - (pick(a) ?? 0));
    const isHidden = shown.some((each) => pick(each) === null);
    if (isHidden && !(busiest && pick(busiest))) return `most ${count(null, answer)}`;
    return busiest === undefined ? "" : `most ${count(pick(busiest), answer)}, ${stepName(busiest, answer)}`;
  };
  const drawn =
    ([["People", (each: Figures) => each.people], ["Runs", (each: Figures) => each.runs]] as const)
      .flatMap(([name, pick]) => chart(name, shown.map(pick), most(pick)));
  return [paint("bold", `By ${period.by}, ${range}`, style), ...drawn];

  function chart(name: string, values: readonly (number | null)[], note: string): string[] {
    const columns = columnsOf(values);
    const line = `${name.padEnd(label)}${paint("green", columns, style)}`;
    const fits = label + columns.length + 2 + note.length <= style.columns;
    return fits ? [`${line}  ${note}`] : [line, `${" ".repeat(label)}${note}`];
  }
}

/** Explains the sign of a step that is held back, if there is one. */
function hiddenSteps({ time: steps, period, heldBack }: Answer): string[] {
  const isDrawn = !heldBack.includes("time") && steps.some(({ runs }) => runs === null);
  return isDrawn ? [`·: a ${period.by} that is held back.`] : [];
}

function weeks(answer: Answer, style: PageStyle): string[] {
  const shown = answer.weeks.slice(-mostOthers);
  const rows = shown.map((week) => {
    const { newPeople, returningPeople } = week;
    const people = newPeople === null || returningPeople === null ? null : newPeople + returningPeople;
    return {
      name: stepName(week, { ...answer, period: { ...answer.period, by: "week" } }),
      figures: { people, runs: null },
      cells: [count(newPeople, answer), count(returningPeople, answer)],
    };
  });
  return table("People by week", ["new", "returning"], rows, style);
}

function callers(answer: Answer, style: PageStyle): string[] {
  const rows = answer.callers.map(({ caller, senders, runs }) => ({
    name: callerName(caller),
    figures: { people: senders, runs },
    cells: [count(senders, answer), count(runs, answer)],
  }));
  return table("Who ran them", ["senders", "runs"], rows, style);
}

function unused({ unused: tools }: Answer, style: PageStyle): string[] {
  return tools.flatMap(({ tool, of, commands }) => {
    const heading = `Used by nobody: ${commands.length} of the ${of} commands of ${printable(tool)}`;
    const shown = commands.slice(0, mostUnused).map((command) =>
      printable(command.slice(tool.length).trim()) || tool
    );
    const rest = commands.length - shown.length;
    const names = [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(", ");
    return [
      ...wrap(heading, style).map((line) => paint("bold", line, style)),
      ...(commands.length > 0 ? wrap(names, style, "  ") : []),
    ];
  });
}
