/**
 * Has ClickHouse count: it knows tables that are larger than what fits through a network.
 *
 * @module
 */

import { ClickHouse, quote, signalTable } from "../sink/clickhouse.ts";
import type { ClickHousePlace } from "../sink/store.ts";
import type { CommandFacts, Count, Facts } from "./facts.ts";
import { type Days, divide } from "./period.ts";
import type { Question } from "./question.ts";

const person = "caller IN ('', 'person')";
const hour = "intDiv(toUInt32(received_at), 3600)";
const day = "intDiv(toUInt32(received_at), 86400)";
const people = "uniqExact(client_user)";

/**
 * Asks ClickHouse for the figures.
 *
 * @throws {Error} If the server does not answer, or refuses.
 */
export async function countInClickHouse(
  place: ClickHousePlace,
  password: string | undefined,
  question: Question,
): Promise<Facts> {
  try {
    return await new Counter(new ClickHouse(place, password), question).facts();
  } catch (error) {
    throw new Error(`cannot read from ClickHouse: ${(error as Error).message}`, { cause: error });
  }
}

type Pair = [people: number, runs: number];

class Counter {
  readonly #server: ClickHouse;
  readonly #question: Question;
  readonly #filter: string;

  constructor(server: ClickHouse, question: Question) {
    this.#server = server;
    this.#question = question;
    this.#filter = filterOf(question);
  }

  async facts(): Promise<Facts> {
    const { period } = this.#question;
    const { previous } = period;
    const [total, before, commands, time, weeks, versions, systems, callers] = await Promise.all([
      this.#total(period),
      this.#total(previous),
      this.#commands(),
      this.#parts(divide(period, period.by)),
      this.#weeks(),
      this.#group<[string]>("version", person),
      this.#group<[string, string]>("os, architecture", person),
      this.#group<[string]>("caller", "1"),
    ]);
    return {
      total,
      previous: before,
      commands,
      time,
      weeks,
      versions: versions.map(({ key: [version], ...count }) => ({ version, ...count })),
      systems: systems.map(({ key: [os, architecture], ...count }) => ({ os, architecture, ...count })),
      callers: callers.map(({ key: [caller], ...count }) => ({ caller, ...count })),
      passedOver: { lines: 0, undated: 0 },
    };
  }

  async #total(days: Days): Promise<Count> {
    const [[count, runs]] = await this.#server.rows<Pair>(
      `SELECT ${people}, count() FROM ${signalTable} WHERE ${this.#filter} AND ${within(days)} AND ${person}`,
    );
    return { people: count, runs };
  }

  async #commands(): Promise<CommandFacts[]> {
    const { period } = this.#question;
    const cases = [
      `${within(period)} AND ${person}`,
      `${within(period.previous)} AND ${person}`,
      `${within(period)} AND NOT ${person}`,
    ];
    const columns = cases.map((each) => `uniqExactIf(client_user, ${each}), countIf(${each})`);
    const rows = await this.#server.rows<[string, ...number[]]>(
      `SELECT command, ${columns.join(", ")} FROM ${signalTable}
       WHERE ${this.#filter} AND ${
        within({ first: period.previous.first, end: period.end })
      } GROUP BY command`,
    );
    return rows.map(([command, ...counts]) => ({
      command,
      current: { people: counts[0], runs: counts[1] },
      previous: { people: counts[2], runs: counts[3] },
      others: { people: counts[4], runs: counts[5] },
    })).filter(({ current, previous, others }) => current.runs + previous.runs + others.runs > 0);
  }

  /** Counts by parts of the period. */
  async #parts(parts: readonly Days[]): Promise<Count[]> {
    const rows = await this.#server.rows<[number, ...Pair]>(
      `SELECT ${partOf(parts)} AS part, ${people}, count() FROM ${signalTable}
       WHERE ${this.#filter} AND ${within(this.#question.period)} AND ${person} GROUP BY part`,
    );
    const found = new Map(rows.map(([first, count, runs]) => [first, { people: count, runs }]));
    return parts.map(({ first }) => found.get(first) ?? { people: 0, runs: 0 });
  }

  async #weeks(): Promise<Facts["weeks"]> {
    const { period } = this.#question;
    const weeks = divide(period, "week");
    const [counts, rows] = await Promise.all([
      this.#parts(weeks),
      this.#server.rows<[number, number]>(
        `SELECT ${partOf(weeks, "first_day")} AS part, count() FROM (
           SELECT client_user, min(${day}) AS first_day FROM ${signalTable}
           WHERE ${this.#filter} AND ${day} < ${period.end} AND ${person} GROUP BY client_user
         ) WHERE first_day >= ${period.first} GROUP BY part`,
      ),
    ]);
    const found = new Map(rows);
    return weeks.map(({ first }, index) => ({
      newPeople: found.get(first) ?? 0,
      people: counts[index].people,
    }));
  }

  async #group<Key extends string[]>(columns: string, condition: string): Promise<(Count & { key: Key })[]> {
    const rows = await this.#server.rows<[...Key, ...Pair]>(
      `SELECT ${columns}, ${people}, count() FROM ${signalTable}
       WHERE ${this.#filter} AND ${within(this.#question.period)} AND ${condition} GROUP BY ${columns}`,
    );
    return rows.map((row) => ({
      key: row.slice(0, -2) as Key,
      people: Number(row.at(-2)),
      runs: Number(row.at(-1)),
    }));
  }
}

function filterOf({ appIDs, prefixes, isTest }: Question): string {
  const conditions = [
    `is_test = ${Number(isTest)}`,
    ...(appIDs.length > 0 ? [`lower(app_id) IN (${appIDs.map(quote).join(", ")})`] : []),
    ...prefixes.map((each) => `(command = ${quote(each)} OR startsWith(command, ${quote(`${each} `)}))`),
  ];
  return conditions.join(" AND ");
}

function within({ first, end }: Days): string {
  return `(${hour} >= ${first * 24} AND ${hour} < ${end * 24})`;
}

/** SQL for the first day of the part that a day is in. */
function partOf(parts: readonly Days[], expression = day): string {
  return `arrayReduce('max', arrayFilter(first -> first <= ${expression}, [${
    parts.map(({ first }) => first).join(", ")
  }]))`;
}
