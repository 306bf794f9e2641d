/**
 * Makes the answer of the figures.
 *
 * @module
 */

import {
  type Answer,
  type CommandAnswer,
  type DateRange,
  type Figures,
  heldBackTables,
  type SenderFigures,
  type TableName,
} from "./answer.ts";
import type { CommandFacts, Count, Facts, WeekFacts } from "./facts.ts";
import { chooseHeldBack, isOfTooFew, type Known } from "./least_people.ts";
import { type Days, divide, formatDay } from "./period.ts";
import type { Question } from "./question.ts";

/** What the figures alone do not say. */
export interface Context {
  readonly question: Question;
  readonly tool: string | null;
  readonly command: string | null;
  readonly leastPeople: number;
  readonly unused: Answer["unused"];
}

const nothing: Figures = { people: null, runs: null };

/** Makes the answer, in an order that does not depend on the store. */
export function assemble(facts: Facts, { question, tool, command, leastPeople, unused }: Context): Answer {
  const { period, appIDs, isTest } = question;
  const hiding = new Hiding(leastPeople);
  const time = hiding.show("time", facts.time, facts.total);
  const tables = {
    commands: describeCommands(facts, hiding),
    time: divide(period, period.by).map((days, index) => ({ ...dateRange(days), ...time[index] })),
    weeks: describeWeeks(facts, time, question, hiding),
    versions: describe("versions", facts.versions, facts.total, hiding, ({ version }) => ({
      version: version || null,
    })),
    systems: describe("systems", facts.systems, facts.total, hiding, ({ os, architecture }) => ({
      os: os || null,
      architecture: architecture || null,
    })),
    callers: describeCallers(facts, hiding),
    unused: describeUnused(unused, hiding),
  };
  return {
    period: {
      ...dateRange(period),
      days: period.end - period.first,
      by: period.by,
      previous: dateRange(period.previous),
    },
    filter: { appIDs, tool, command, testMode: isTest },
    leastPeople,
    heldBack: heldBackTables.filter((table) => hiding.whole.has(table)),
    total: hiding.showTotal(facts.total),
    previous: hiding.showTotal(facts.previous),
    ...tables,
    passedOver: facts.passedOver,
  };
}

function dateRange({ first, end }: Days): DateRange {
  return { since: formatDay(first), until: formatDay(end - 1) };
}

/** Shows tables, but for what is held back. */
class Hiding {
  readonly leastPeople: number;
  /** The tables that are held back as a whole. */
  readonly whole: Set<TableName> = new Set();

  constructor(leastPeople: number) {
    this.leastPeople = leastPeople;
  }

  isFew(people: number): boolean {
    return isOfTooFew(people, this.leastPeople);
  }

  showTotal({ people, runs }: Count): Figures {
    return this.isFew(people) ? nothing : { people, runs };
  }

  /** @param total What is known of all cells together; nothing if it is of too few people. */
  show(table: TableName, cells: readonly Count[], total?: Count): Figures[] {
    if (total && this.isFew(total.people)) {
      return cells.map(({ people, runs }) => people > 0 ? nothing : { people, runs });
    }
    const isHeldBack = this.choose(table, cells, { people: total?.people });
    return cells.map(({ people, runs }, index) => isHeldBack[index] ? nothing : { people, runs });
  }

  choose(table: TableName, cells: readonly Count[], known: Known): readonly boolean[] {
    const heldBack = chooseHeldBack(cells, this.leastPeople, known);
    if (heldBack !== "all") return heldBack;
    this.whole.add(table);
    return cells.map(() => true);
  }
}

function asSenders({ people, runs }: Figures): SenderFigures {
  return { senders: people, runs };
}

function describeCommands({ commands, total, previous: before }: Facts, hiding: Hiding): CommandAnswer[] {
  const ordered = commands.toSorted((a, b) => compareText(a.command, b.command));
  const tableOf = (table: TableName, pick: (facts: CommandFacts) => Count, all?: Count) =>
    hiding.show(table, ordered.map(pick), all);
  const current = tableOf("commands", (each) => each.current, total);
  const previous = tableOf("commands.previous", (each) => each.previous, before);
  const others = tableOf("commands.others", (each) => each.others);
  if (hiding.whole.has("commands")) return [];
  // A command that is only in a column that is held back as a whole would tell of it.
  const isListed = ({ current: now, previous: earlier, others: programs }: CommandFacts) =>
    now.runs > 0 || (earlier.runs > 0 && !hiding.whole.has("commands.previous")) ||
    (programs.runs > 0 && !hiding.whole.has("commands.others"));
  return ordered.map((facts, index) => ({
    isListed: isListed(facts),
    answer: {
      command: facts.command,
      ...current[index],
      share: shareOf(current[index].people, total.people),
      previous: previous[index],
      others: asSenders(others[index]),
    },
  })).filter((each) => each.isListed).map(({ answer }) => answer).sort(byPeople);
}

/** The commands that nobody used tell which ones somebody did. */
function describeUnused(unused: Answer["unused"], { whole }: Hiding): Answer["unused"] {
  if (unused.length === 0 || !(whole.has("commands") || whole.has("commands.others"))) return unused;
  whole.add("unused");
  return [];
}

function shareOf(people: number | null, all: number): number | null {
  if (people === null) return null;
  return all === 0 ? 0 : Math.round(people / all * 10_000) / 10_000;
}

/** Most people first. What is held back comes last, by name, so that its place does not tell how much it is. */
function byPeople(a: Figures, b: Figures): number {
  return (b.people ?? -1) - (a.people ?? -1) || (b.runs ?? -1) - (a.runs ?? -1);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function describe<Cell extends Count, Names extends object>(
  table: TableName,
  cells: readonly Cell[],
  total: Count | undefined,
  hiding: Hiding,
  name: (cell: Cell) => Names,
): (Names & Figures)[] {
  const ordered = cells.toSorted((a, b) => compareText(JSON.stringify(name(a)), JSON.stringify(name(b))));
  const shown = hiding.show(table, ordered, total);
  if (hiding.whole.has(table)) return [];
  return ordered.map((cell, index) => ({ ...name(cell), ...shown[index] })).sort(byPeople);
}

function describeCallers({ callers }: Facts, hiding: Hiding): Answer["callers"] {
  if (callers.every(({ caller }) => caller === "")) return [];
  return describe("callers", callers, undefined, hiding, ({ caller }) => ({ caller: caller || null }))
    .map(({ caller, ...figures }) => ({ caller, ...asSenders(figures) }));
}

/** New and returning people of a week add up to all of them, so both are held back if one is. */
function describeWeeks(
  { weeks }: Facts,
  time: readonly Figures[],
  { period }: Question,
  hiding: Hiding,
): Answer["weeks"] {
  const { whole } = hiding;
  const isGiven = ({ newPeople, people }: WeekFacts, index: number) =>
    hiding.isFew(newPeople) || hiding.isFew(people - newPeople) ||
    (period.by === "week" && time[index].people === null);
  const newcomers = weeks.map(({ newPeople }) => ({ people: newPeople, runs: newPeople }));
  const isHeldBack = hiding.choose("weeks", newcomers, { given: weeks.map(isGiven) });
  // A week in which nothing was run would tell of its days.
  if (whole.has("time")) whole.add("weeks");
  return divide(period, "week").map((days, index) => {
    const { newPeople, people } = weeks[index];
    const figures = isHeldBack[index] || whole.has("weeks")
      ? { newPeople: null, returningPeople: null }
      : { newPeople, returningPeople: people - newPeople };
    return { ...dateRange(days), ...figures };
  });
}
