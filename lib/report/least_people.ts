/**
 * Holds back what few people did, and as much beside it that it cannot be worked out from totals.
 *
 * @module
 */

import type { Count } from "./facts.ts";

/**
 * Decides which cells of a table are held back. The table has a total that is known, so that what is missing in
 * it is known too: with each cell of too few people, at least one other is held back, and further ones until what
 * is missing could be divided in at least `leastPeople` other ways.
 *
 * @param leastPeople How many people a cell has to have. 1 holds nothing back.
 * @param given Cells that are held back for another reason.
 * @returns For each cell, whether it is held back.
 */
export function chooseHeldBack(
  cells: readonly Count[],
  leastPeople: number,
  given: readonly boolean[] = [],
): boolean[] {
  const isHeldBack = cells.map((cell, index) =>
    isOfTooFew(cell.people, leastPeople) || given[index] === true
  );
  const others = cells.map((cell, index) => ({ ...cell, index }))
    .filter(({ index, runs }) => !isHeldBack[index] && runs > 0)
    .sort((a, b) => a.people - b.people || a.runs - b.runs || a.index - b.index);
  const held = cells.filter((_, index) => isHeldBack[index]);
  if (held.length === 0) return isHeldBack;
  let slack = held.reduce((sum, { runs }) => sum + Math.max(0, runs - 1), 0);
  for (const [count, { index, runs }] of others.entries()) {
    if (count > 0 && slack >= leastPeople) break;
    isHeldBack[index] = true;
    // Whoever knows these rules knows that such a cell has at least `leastPeople` people.
    slack += runs - leastPeople;
  }
  return isHeldBack;
}

/** Reports whether a cell is of some people, but too few. */
export function isOfTooFew(people: number, leastPeople: number): boolean {
  return people > 0 && people < leastPeople;
}
