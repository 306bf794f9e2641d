/**
 * Makes the answer of the figures.
 *
 * @module
 */

import type { Answer, CommandAnswer, DateRange, Figures, SenderFigures } from "./answer.ts";
import type { CommandFacts, Count, Facts } from "./facts.ts";
import { chooseHeldBack, isOfTooFew } from "./least_people.ts";
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

const heldBack: Figures = { people: null, runs: null };

/** Makes the answer, in an order that does not depend on the store. */
export function assemble(facts: Facts, { question, tool, command, leastPeople, unused }: Context): Answer {
  const { period, appIDs, isTest } = question;
  const [total] = show([facts.total], leastPeople);
  const [previous] = show([facts.previous], leastPeople);
  const time = show(facts.time, leastPeople);
  return {
    period: {
      ...dateRange(period),
      days: period.end - period.first,
      by: period.by,
      previous: dateRange(period.previous),
    },
    filter: { appIDs, tool, command, testMode: isTest },
    leastPeople,
    total,
    previous,
    commands: describeCommands(facts, leastPeople),
    time: divide(period, period.by).map((days, index) => ({ ...dateRange(days), ...time[index] })),
    weeks: describeWeeks(facts, time, question, leastPeople),
    versions: describe(facts.versions, leastPeople, ({ version }) => ({ version: version || null })),
    systems: describe(facts.systems, leastPeople, ({ os, architecture }) => ({
      os: os || null,
      architecture: architecture || null,
    })),
    callers: describeCallers(facts, leastPeople),
    unused,
    passedOver: facts.passedOver,
  };
}

function dateRange({ first, end }: Days): DateRange {
  return { since: formatDay(first), until: formatDay(end - 1) };
}

/** Shows the cells of a table, but for those that are held back. */
function show(cells: readonly Count[], leastPeople: number): Figures[] {
  const isHeldBack = chooseHeldBack(cells, leastPeople);
  return cells.map(({ people, runs }, index) => isHeldBack[index] ? heldBack : { people, runs });
}

function asSenders({ people, runs }: Figures): SenderFigures {
  return { senders: people, runs };
}

function describeCommands({ commands, total }: Facts, leastPeople: number): CommandAnswer[] {
  const ordered = commands.toSorted((a, b) => compareText(a.command, b.command));
  const tableOf = (pick: (facts: CommandFacts) => Count) => show(ordered.map(pick), leastPeople);
  const current = tableOf((each) => each.current);
  const previous = tableOf((each) => each.previous);
  const others = tableOf((each) => each.others);
  return ordered.map(({ command }, index) => ({
    command,
    ...current[index],
    share: shareOf(current[index].people, total.people),
    previous: previous[index],
    others: asSenders(others[index]),
  })).sort(byPeople);
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
  cells: readonly Cell[],
  leastPeople: number,
  name: (cell: Cell) => Names,
): (Names & Figures)[] {
  const ordered = cells.toSorted((a, b) => compareText(JSON.stringify(name(a)), JSON.stringify(name(b))));
  const shown = show(ordered, leastPeople);
  return ordered.map((cell, index) => ({ ...name(cell), ...shown[index] })).sort(byPeople);
}

function describeCallers({ callers }: Facts, leastPeople: number): Answer["callers"] {
  if (callers.every(({ caller }) => caller === "")) return [];
  return describe(callers, leastPeople, ({ caller }) => ({ caller: caller || null }))
    .map(({ caller, ...figures }) => ({ caller, ...asSenders(figures) }));
}

/** New and returning people of a week add up to all of them, so both are held back if one is. */
function describeWeeks(
  { weeks }: Facts,
  time: readonly Figures[],
  { period }: Question,
  leastPeople: number,
): Answer["weeks"] {
  const isFew = (people: number) => isOfTooFew(people, leastPeople);
  const given = weeks.map(({ newPeople, people }, index) =>
    isFew(newPeople) || isFew(people - newPeople) || (period.by === "week" && time[index].people === null)
  );
  const newcomers = weeks.map(({ newPeople }) => ({ people: newPeople, runs: newPeople }));
  const isHeldBack = chooseHeldBack(newcomers, leastPeople, given);
  return divide(period, "week").map((days, index) => {
    const { newPeople, people } = weeks[index];
    const figures = isHeldBack[index]
      ? { newPeople: null, returningPeople: null }
      : { newPeople, returningPeople: people - newPeople };
    return { ...dateRange(days), ...figures };
  });
}
