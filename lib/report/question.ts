/**
 * What a report is asked for.
 *
 * @module
 */

import type { Labels } from "../sink/labels.ts";
import type { Period } from "./period.ts";

/** What a report is asked for. */
export interface Question {
  readonly period: Period;
  /** The apps whose signals count, in lower case; those of all if there are none. */
  readonly appIDs: readonly string[];
  /** What the names of commands begin with, in whole words; each has to hold. */
  readonly prefixes: readonly string[];
  /** Whether tests are counted, and nothing else, in place of all others. */
  readonly isTest: boolean;
}

/** Reports whether signals with these labels count. */
export function isAskedFor({ appID, command, isTest }: Labels, question: Question): boolean {
  return isTest === question.isTest &&
    (question.appIDs.length === 0 || question.appIDs.includes(appID.toLowerCase())) &&
    question.prefixes.every((prefix) => isWithin(command, prefix));
}

/** Reports whether a command's name begins with these words. */
export function isWithin(command: string, prefix: string): boolean {
  return command === prefix || command.startsWith(`${prefix} `);
}

/** Reports whether a person ran the command: whoever does not say counts as one, as in TelemetryDeck. */
export function isPerson(caller: string): boolean {
  return caller === "" || caller === "person";
}
