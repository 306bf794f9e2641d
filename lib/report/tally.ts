/**
 * Counts signals one by one, in memory that grows with the number of people and commands and not with that of
 * signals.
 *
 * @module
 */

import type { Labels } from "../sink/labels.ts";
import type { CommandFacts, Count, Facts, PassedOver } from "./facts.ts";
import { People } from "./people.ts";
import { type Days, divide } from "./period.ts";
import { isAskedFor, isPerson, type Question } from "./question.ts";

/** Runs and who ran them. */
class Cell {
  runs = 0;
  readonly #people = new People();

  add(person: number): void {
    this.runs++;
    this.#people.add(person);
  }

  count(): Count {
    return { people: this.#people.count(), runs: this.runs };
  }
}

/** Cells that are made when they are first asked for. */
class Cells<Key> {
  readonly #cells = new Map<Key, Cell>();

  of(key: Key): Cell {
    let cell = this.#cells.get(key);
    if (!cell) this.#cells.set(key, cell = new Cell());
    return cell;
  }

  count(key: Key): Count {
    return this.#cells.get(key)?.count() ?? { people: 0, runs: 0 };
  }

  keys(): Key[] {
    return [...this.#cells.keys()];
  }
}

/** Where signals with the same labels are counted. */
interface Slot {
  readonly labels: Labels;
  readonly isPerson: boolean;
}

/** Counts signals. */
export class Tally {
  readonly #question: Question;
  readonly #firstHour: number;
  readonly #previousHour: number;
  readonly #endHour: number;
  readonly #steps: Days[];
  readonly #weeks: Days[];
  readonly #stepOfDay: number[];
  readonly #weekOfDay: number[];
  readonly #slots: (Slot | undefined)[] = [];
  readonly #total = new Cell();
  readonly #previousTotal = new Cell();
  readonly #commands = new Cells<string>();
  readonly #previous = new Cells<string>();
  readonly #others = new Cells<string>();
  readonly #versions = new Cells<string>();
  readonly #systems = new Cells<string>();
  readonly #callers = new Cells<string>();
  readonly #time = new Cells<number>();
  readonly #weekly = new Cells<number>();
  /** The first hour in which each person was seen. */
  #firstSeen = new Int32Array(1_024);
  #lines = 0;
  #undated = 0;

  constructor(question: Question) {
    const { period } = question;
    this.#question = question;
    this.#firstHour = period.first * 24;
    this.#previousHour = period.previous.first * 24;
    this.#endHour = period.end * 24;
    this.#steps = divide(period, period.by);
    this.#weeks = divide(period, "week");
    this.#stepOfDay = indexByDay(this.#steps, period.first);
    this.#weekOfDay = indexByDay(this.#weeks, period.first);
  }

  /** Makes labels known by a number. */
  define(id: number, labels: Labels): void {
    const slot = { labels, isPerson: isPerson(labels.caller) };
    this.#slots[id] = isAskedFor(labels, this.#question) ? slot : undefined;
  }

  /**
   * Counts a signal.
   *
   * @param person A number of the user's own, from 0 on.
   * @param labels Their number, see `define`.
   * @param hour Since 1970.
   */
  add(person: number, labels: number, hour: number): void {
    const slot = this.#slots[labels];
    if (slot === undefined || hour >= this.#endHour) return;
    if (slot.isPerson) this.#see(person, hour);
    if (hour >= this.#firstHour) this.#addCurrent(slot, person, hour);
    else if (hour >= this.#previousHour && slot.isPerson) {
      this.#previousTotal.add(person);
      this.#previous.of(slot.labels.command).add(person);
    }
  }

  #addCurrent({ labels, isPerson }: Slot, person: number, hour: number): void {
    const { command, version, os, architecture, caller } = labels;
    this.#callers.of(caller).add(person);
    if (!isPerson) return this.#others.of(command).add(person);
    const day = Math.floor(hour / 24) - this.#question.period.first;
    this.#total.add(person);
    this.#commands.of(command).add(person);
    this.#versions.of(version).add(person);
    this.#systems.of(`${os}\0${architecture}`).add(person);
    this.#time.of(this.#stepOfDay[day]).add(person);
    this.#weekly.of(this.#weekOfDay[day]).add(person);
  }

  #see(person: number, hour: number): void {
    if (person >= this.#firstSeen.length) {
      const longer = new Int32Array(Math.max(person + 1, this.#firstSeen.length * 2));
      longer.set(this.#firstSeen);
      this.#firstSeen = longer;
    }
    // 0 stands for never; hours are counted from 1 on.
    const known = this.#firstSeen[person];
    if (known === 0 || hour + 1 < known) this.#firstSeen[person] = hour + 1;
  }

  /** Counts a line that is no signal. */
  passOverLine(): void {
    this.#lines++;
  }

  /** Counts a signal without a time. */
  passOverUndated(): void {
    this.#undated++;
  }

  /** The figures. */
  facts(): Facts {
    const passedOver: PassedOver = { lines: this.#lines, undated: this.#undated };
    return {
      total: this.#total.count(),
      previous: this.#previousTotal.count(),
      commands: this.#commandFacts(),
      time: this.#steps.map((_, index) => this.#time.count(index)),
      weeks: this.#weekFacts(),
      versions: this.#versions.keys().map((version) => ({ version, ...this.#versions.count(version) })),
      systems: this.#systems.keys().map((key) => {
        const [os, architecture] = key.split("\0");
        return { os, architecture, ...this.#systems.count(key) };
      }),
      callers: this.#callers.keys().map((caller) => ({ caller, ...this.#callers.count(caller) })),
      passedOver,
    };
  }

  #commandFacts(): CommandFacts[] {
    const names = new Set([...this.#commands.keys(), ...this.#previous.keys(), ...this.#others.keys()]);
    return [...names].map((command) => ({
      command,
      current: this.#commands.count(command),
      previous: this.#previous.count(command),
      others: this.#others.count(command),
    }));
  }

  #weekFacts(): { newPeople: number; people: number }[] {
    const newPeople = this.#weeks.map(() => 0);
    for (const first of this.#firstSeen) {
      const day = Math.floor((first - 1) / 24) - this.#question.period.first;
      if (first !== 0 && day >= 0) newPeople[this.#weekOfDay[day]]++;
    }
    return this.#weeks.map((_, index) => ({
      newPeople: newPeople[index],
      people: this.#weekly.count(index).people,
    }));
  }
}

function indexByDay(parts: readonly Days[], first: number): number[] {
  const indexes: number[] = [];
  for (const [index, part] of parts.entries()) {
    for (let day = part.first; day < part.end; day++) indexes[day - first] = index;
  }
  return indexes;
}
