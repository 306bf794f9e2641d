/**
 * The answer of a report, as `--json` prints it; see `docs/report.md` and `schemas/report.schema.json`.
 *
 * @module
 */

import type { PassedOver } from "./facts.ts";
import type { Step } from "./period.ts";

/** How many and how often; `null` if it is held back, see `leastPeople`. */
export interface Figures {
  readonly people: number | null;
  readonly runs: number | null;
}

/** Programs that are no people: scripts, CI jobs and agents. */
export interface SenderFigures {
  readonly senders: number | null;
  readonly runs: number | null;
}

/** The first and the last day, such as `2026-11-28`. */
export interface DateRange {
  readonly since: string;
  readonly until: string;
}

/** A command, as far as it was used in this period or the previous one. */
export interface CommandAnswer extends Figures {
  readonly command: string;
  /** Of all people, from 0 to 1. */
  readonly share: number | null;
  readonly previous: Figures;
  readonly others: SenderFigures;
}

/** The tables that can be held back as a whole; two are columns of `commands`. */
export const heldBackTables = [
  "commands",
  "commands.previous",
  "commands.others",
  "time",
  "weeks",
  "versions",
  "systems",
  "callers",
  "unused",
] as const;

/** A table that can be held back as a whole. */
export type TableName = typeof heldBackTables[number];

/** The answer of a report. */
export interface Answer {
  readonly period: DateRange & { readonly days: number; readonly by: Step; readonly previous: DateRange };
  /** What was counted. */
  readonly filter: {
    readonly appIDs: readonly string[];
    readonly tool: string | null;
    readonly command: string | null;
    readonly testMode: boolean;
  };
  /** What fewer people did is held back. */
  readonly leastPeople: number;
  /** The tables that are held back as a whole: their lists are empty, or all of their figures `null`. */
  readonly heldBack: readonly TableName[];
  readonly total: Figures;
  readonly previous: Figures;
  readonly commands: readonly CommandAnswer[];
  readonly time: readonly (DateRange & Figures)[];
  readonly weeks: readonly (DateRange & {
    readonly newPeople: number | null;
    readonly returningPeople: number | null;
  })[];
  readonly versions: readonly (Figures & { readonly version: string | null })[];
  readonly systems: readonly (Figures & {
    readonly os: string | null;
    readonly architecture: string | null;
  })[];
  /** Who ran commands, people among them; empty if no signal says. */
  readonly callers: readonly (SenderFigures & { readonly caller: string | null })[];
  /** The commands that nobody used, of each tool whose profile is known. */
  readonly unused: readonly UnusedAnswer[];
  readonly passedOver: PassedOver;
}

/** The commands of a tool that nobody used. */
export interface UnusedAnswer {
  readonly tool: string;
  /** How many commands the tool has. */
  readonly of: number;
  readonly commands: readonly string[];
}
