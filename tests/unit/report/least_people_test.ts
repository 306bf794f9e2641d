import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Answer, Figures, TableName } from "../../../lib/report/answer.ts";
import type { Count } from "../../../lib/report/facts.ts";
import { renderHtml } from "../../../lib/commands/report/html.ts";
import { renderReport } from "../../../lib/commands/report/page.ts";
import { resolvePeriod } from "../../../lib/report/period.ts";
import { chooseHeldBack, type HeldBack } from "../../../lib/report/least_people.ts";
import { anyQuestion, anySignal, ask, fillStore, inFolder, now } from "../../helpers/signals.ts";

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

test("chooseHeldBack() holds back the whole table when the number of its cells would tell", () => {
  const ones = Array.from({ length: 5 }, () => ({ people: 1, runs: 1 }));
  assert.equal(chooseHeldBack(ones, 5, { people: 5 }), "all", "each is exactly 1");
  const fours = [{ people: 4, runs: 9 }, { people: 4, runs: 9 }];
  assert.equal(chooseHeldBack(fours, 5, { people: 8 }), "all", "at most 4 each, and 8 in all");
});

/** All tables of so many cells with that many runs in all. */
function tablesWith(cells: number, runs: number): Count[][] {
  if (cells === 0) return runs === 0 ? [[]] : [];
  const tables: Count[][] = [];
  for (let own = 0; own <= runs; own++) {
    const rests = tablesWith(cells - 1, runs - own);
    for (let people = Math.min(1, own); people <= own; people++) {
      for (const rest of rests) tables.push([{ people, runs: own }, ...rest]);
    }
  }
  return tables;
}

/** What somebody sees of a table: the total, what is shown, and of the rest that it is missing. */
function seen(cells: readonly Count[], heldBack: HeldBack, people: number): string {
  if (heldBack === "all") return `all ${people}`;
  return JSON.stringify([people, cells.map((cell, index) => heldBack[index] ? null : cell)]);
}

for (const [cells, runs] of [[2, 14], [3, 9], [3, 11], [4, 8]]) {
  test(`of ${cells} cells with ${runs} runs, each that is held back could be of any too few people`, () => {
    for (const leastPeople of [2, 3, 4]) {
      const views = new Map<string, { table: Count[]; heldBack: HeldBack }[]>();
      for (const table of tablesWith(cells, runs)) {
        const counts = table.map(({ people }) => people);
        const all = counts.reduce((sum, count) => sum + count, 0);
        for (let people = Math.max(leastPeople, ...counts); people <= all; people++) {
          const heldBack = chooseHeldBack(table, leastPeople, { people });
          const view = seen(table, heldBack, people);
          views.set(view, [...(views.get(view) ?? []), { table, heldBack }]);
        }
      }
      for (const [view, tables] of views) checkView(view, tables, leastPeople);
    }
  });
}

function checkView(
  view: string,
  tables: readonly { table: Count[]; heldBack: HeldBack }[],
  leastPeople: number,
): void {
  for (const index of tables[0].table.keys()) {
    const { heldBack } = tables[0];
    if (heldBack !== "all" && !heldBack[index]) continue;
    const possible = tables.map(({ table }) => table[index]);
    const few = possible.filter(({ people }) => people > 0 && people < leastPeople);
    if (few.length === 0) continue;
    assert.ok(new Set(few.map(({ people }) => people)).size === leastPeople - 1, `${leastPeople}: ${view}`);
    const fewestRuns = Math.max(2, leastPeople - 1);
    assert.ok(new Set(possible.map((each) => each.runs)).size >= fewestRuns, `${leastPeople}: ${view}`);
  }
}

/** The tables of an answer whose runs add up to a known total. */
function tablesOf(
  { total, previous, commands, time, versions, systems }: Answer,
): [TableName, Figures, readonly Figures[]][] {
  return [
    ["commands", total, commands],
    ["commands.previous", previous, commands.map((each) => each.previous)],
    ["time", total, time],
    ["versions", total, versions],
    ["systems", total, systems],
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
          for (const [name, total, cells] of tablesOf(answer)) {
            if (answer.heldBack.includes(name)) {
              assert.ok(cells.every(({ people, runs }) => people === null && runs === null));
              continue;
            }
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

test("a store of one run each gives away nothing but the total", () =>
  inFolder(async (folder) => {
    const file = join(folder, "usage.jsonl");
    const signals = Array.from({ length: 5 }, (_, index) => ({
      appID: "4539763B-A291-4835-B832-9BEB80CA7039",
      type: "Acme.command",
      clientUser: `${index}`,
      receivedAt: new Date(now - index * 24 * 3_600_000).toISOString(),
      payload: { command: `secret ${index}`, appVersion: `${index}` },
    }));
    await fillStore(file, [signals]);
    const question = {
      period: resolvePeriod({ days: 10, by: "day" }, now),
      appIDs: [],
      prefixes: [],
      isTest: false,
    };
    const answer = await ask([file], question, 5);
    assert.deepEqual(answer.total, { people: 5, runs: 5 });
    assert.deepEqual([answer.commands, answer.versions], [[], []]);
    assert.ok(answer.time.every(({ people, runs }) => people === null && runs === null));
    assert.deepEqual(answer.heldBack, ["commands", "time", "weeks", "versions"]);
    for (const page of [renderReport(answer, { columns: 80, isColoured: false }), renderHtml(answer)]) {
      assert.match(page, /[Hh]eld back: fewer than 5 people in too many rows/);
      assert.doesNotMatch(page, /secret/);
    }
  }));

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
