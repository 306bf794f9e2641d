import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Answer, Figures } from "../../../lib/report/answer.ts";
import { chooseHeldBack } from "../../../lib/report/least_people.ts";
import { anyQuestion, anySignal, ask, fillStore, inFolder } from "../../helpers/signals.ts";

const anyCell = fc.record({ people: fc.nat(12), more: fc.nat(20) })
  .map(({ people, more }) => ({ people, runs: people === 0 ? 0 : people + more }));

test("chooseHeldBack() holds back nothing when nothing is of too few", () => {
  const cells = [{ people: 5, runs: 9 }, { people: 0, runs: 0 }, { people: 7, runs: 7 }];
  assert.deepEqual(chooseHeldBack(cells, 5), [false, false, false]);
});

test("chooseHeldBack() holds back the next greater cell with one of too few", () => {
  const cells = [{ people: 50, runs: 90 }, { people: 2, runs: 2 }, { people: 7, runs: 40 }, {
    people: 0,
    runs: 0,
  }];
  assert.deepEqual(chooseHeldBack(cells, 5), [false, true, true, false]);
});

/**
 * What somebody can work out who knows the total, all cells that are shown, and these rules: between how many
 * runs a cell of too few people may have had.
 */
function possibleRuns(missing: number, few: number, others: number, leastPeople: number): [number, number] {
  return [1, missing - (few - 1) - others * leastPeople];
}

test("what is held back cannot be worked out from the total, as long as anything else could be held back", () =>
  fc.assert(
    fc.property(
      fc.array(anyCell, { maxLength: 12 }),
      fc.integer({ min: 2, max: 8 }),
      (cells, leastPeople) => {
        const isHeldBack = chooseHeldBack(cells, leastPeople);
        const held = cells.filter((_, index) => isHeldBack[index]);
        const few = held.filter(({ people }) => people < leastPeople).length;
        assert.ok(
          cells.every(({ people }, index) => people === 0 || people >= leastPeople || isHeldBack[index]),
        );
        if (few === 0) return assert.equal(held.length, 0);
        const shown = cells.filter(({ runs }, index) => runs > 0 && !isHeldBack[index]);
        if (shown.length === 0) return;
        const missing = held.reduce((sum, { runs }) => sum + runs, 0);
        const [least, most] = possibleRuns(missing, few, held.length - few, leastPeople);
        assert.ok(held.length >= 2 && most - least >= leastPeople, JSON.stringify({ cells, isHeldBack }));
      },
    ),
  ));

/** The tables of an answer whose runs add up to a known total. */
function tablesOf(
  { total, previous, commands, time, versions, systems }: Answer,
): [Figures, readonly Figures[]][] {
  return [
    [total, commands],
    [previous, commands.map((each) => each.previous)],
    [total, time],
    [total, versions],
    [total, systems],
  ];
}

test("no table of a report has a single gap, and nothing of too few people is in it", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anySignal, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 4 }),
      anyQuestion,
      fc.integer({ min: 2, max: 5 }),
      (requests, question, leastPeople) =>
        inFolder(async (folder) => {
          const file = join(folder, "usage.jsonl");
          await fillStore(file, requests);
          const answer = await ask([file], question, leastPeople);
          for (const [total, cells] of tablesOf(answer)) {
            for (const { people } of [total, ...cells]) {
              assert.ok(people === null || people === 0 || people >= leastPeople);
            }
            const gaps = cells.filter(({ runs }) => runs === null).length;
            if (total.runs !== null) assert.notEqual(gaps, 1, "a single gap is the total less the others");
          }
          for (const { newPeople, returningPeople } of answer.weeks) {
            assert.equal(newPeople === null, returningPeople === null);
            assert.ok(newPeople === null || newPeople === 0 || newPeople >= leastPeople);
            assert.ok(returningPeople === null || returningPeople === 0 || returningPeople >= leastPeople);
          }
        }),
    ),
    { numRuns: 60 },
  ));

test("neither order nor any other key of an answer tells what is held back", () =>
  inFolder(async (folder) => {
    const file = join(folder, "usage.jsonl");
    const signal = { appID: "4539763B-A291-4835-B832-9BEB80CA7039", type: "Acme.command" };
    const runs = (command: string, people: number, each: number) =>
      Array.from({ length: people * each }, (_, index) => ({
        ...signal,
        clientUser: `${index % people}`,
        payload: { command },
      }));
    await fillStore(file, [[...runs("c", 9, 9), ...runs("b", 2, 3), ...runs("a", 1, 1), ...runs("d", 6, 9)]]);
    const [question] = fc.sample(
      anyQuestion.map((each) => ({ ...each, isTest: false, appIDs: [], prefixes: [] })),
      1,
    );
    const { commands } = await ask([file], question, 4);
    const nothing = { people: null, runs: null, share: null };
    const zero = { previous: { people: 0, runs: 0 }, others: { senders: 0, runs: 0 } };
    assert.deepEqual(commands, [
      { command: "c", people: 9, runs: 81, share: 1, ...zero },
      ...["a", "b", "d"].map((command) => ({ command, ...nothing, ...zero })),
    ]);
  }));
