/**
 * The figures that a store gives, before they become an answer. The same from every kind of store.
 *
 * @module
 */

/** How many, and how often. */
export interface Count {
  /** Distinct users. */
  readonly people: number;
  readonly runs: number;
}

/** The figures of a command. */
export interface CommandFacts {
  readonly command: string;
  readonly current: Count;
  readonly previous: Count;
  /** Scripts, CI jobs and agents that ran it. */
  readonly others: Count;
}

/** New and returning people of a week, in the order of the period's weeks. */
export interface WeekFacts {
  /** Who was never counted before. */
  readonly newPeople: number;
  readonly people: number;
}

/** The figures of a period. All but `callers` and `others` count what people ran. */
export interface Facts {
  readonly total: Count;
  readonly previous: Count;
  readonly commands: readonly CommandFacts[];
  /** In the order of the period's steps. */
  readonly time: readonly Count[];
  readonly weeks: readonly WeekFacts[];
  readonly versions: readonly (Count & { readonly version: string })[];
  readonly systems: readonly (Count & { readonly os: string; readonly architecture: string })[];
  /** Who ran commands, by what signals say; an empty text for those that do not say. */
  readonly callers: readonly (Count & { readonly caller: string })[];
  readonly passedOver: PassedOver;
}

/** What a store has in it that could not be counted. */
export interface PassedOver {
  /** Lines that are no signal. */
  readonly lines: number;
  /** Signals without a time, from a sink that did not add one yet. */
  readonly undated: number;
}
