/**
 * Holds back what few people did, and as much beside it that it cannot be worked out from totals.
 *
 * @module
 */

import type { Count } from "./facts.ts";

/** For each cell of a table, whether it is held back; `all` if the whole table is, its empty cells too. */
export type HeldBack = readonly boolean[] | "all";

/** What else is known of a table. */
export interface Known {
  /** Cells that are held back for another reason. */
  readonly given?: readonly boolean[];
  /** How many people there are in all. If not given: as if each person was in one cell only. */
  readonly people?: number;
}

/**
 * Decides which cells of a table are held back. The table has a total that is known, so that what is missing in
 * it is known too: with each cell of too few people, at least one other is held back, and further ones until what
 * is missing could be divided in at least `leastPeople` other ways, runs and people alike. If even all cells
 * together are not enough, the whole table is held back: how many cells it has tells too much.
 *
 * @param leastPeople How many people a cell has to have. 1 holds nothing back.
 */
export function chooseHeldBack(
  cells: readonly Count[],
  leastPeople: number,
  { given = [], people = sum(cells.map((cell) => cell.people)) }: Known = {},
): HeldBack {
  const isHeldBack = cells.map((cell, index) =>
    isOfTooFew(cell.people, leastPeople) || given[index] === true
  );
  if (!isHeldBack.includes(true)) return isHeldBack;
  const few = cells.filter((_, index) => isHeldBack[index]);
  const others = cells.map((cell, index) => ({ ...cell, index }))
    .filter(({ index, runs }) => !isHeldBack[index] && runs > 0)
    // Not by runs: whoever knows the next one's would know that these are at most as many.
    .sort((a, b) => a.people - b.people || a.index - b.index);
  for (let count = Math.min(1, others.length); count <= others.length; count++) {
    const held = others.slice(0, count);
    if (!isEnough(few, held, others.slice(count), leastPeople, people)) continue;
    for (const { index } of held) isHeldBack[index] = true;
    return isHeldBack;
  }
  return "all";
}

/** Reports whether what is missing could be divided in enough other ways. */
function isEnough(
  few: readonly Count[],
  held: readonly Count[],
  shown: readonly Count[],
  leastPeople: number,
  people: number,
): boolean {
  // Whoever knows these rules knows that a cell of `held` has at least `leastPeople` people, and at most as many
  // as the next one that is shown.
  const runs = sum(few.map((cell) => Math.max(0, cell.runs - 1))) +
    sum(held.map((cell) => cell.runs - leastPeople));
  const most = shown.length > 0 ? shown[0].people : people;
  const mostMissing = sum(few.map((cell) => Math.max(cell.people, leastPeople - 1))) + held.length * most;
  const leastMissing = people - sum(shown.map((cell) => cell.people));
  return runs >= leastPeople && mostMissing - leastMissing >= leastPeople;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

/** Reports whether a cell is of some people, but too few. */
export function isOfTooFew(people: number, leastPeople: number): boolean {
  return people > 0 && people < leastPeople;
}
