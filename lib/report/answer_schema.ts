/**
 * The shape of an answer, for whoever reads `--json`. Not loaded by the program.
 *
 * @module
 */

import * as v from "valibot";
import { type Answer, heldBackTables } from "./answer.ts";

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const date = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/));
const figure = v.nullable(whole);
const name = v.nullable(v.string());
const figures = { people: figure, runs: figure };
const senders = { senders: figure, runs: figure };
const dates = { since: date, until: date };

/** The shape; its descriptions become those of the JSON Schema. */
export const answerSchema: v.GenericSchema<Answer> = v.strictObject({
  period: v.strictObject({
    ...dates,
    days: whole,
    by: v.picklist(["day", "week", "month"]),
    previous: v.pipe(v.strictObject(dates), v.description("As many days, right before.")),
  }),
  filter: v.strictObject({
    appIDs: v.pipe(
      v.array(v.string()),
      v.description("Signals of these apps were counted; of all if empty."),
    ),
    tool: v.pipe(name, v.description("The first words of the tool's commands.")),
    command: v.pipe(name, v.description("What the names of commands begin with.")),
    testMode: v.pipe(v.boolean(), v.description("Whether tests were counted, and nothing else.")),
  }),
  leastPeople: v.pipe(whole, v.description("What fewer people did is held back: null stands for it.")),
  heldBack: v.pipe(
    v.array(v.picklist(heldBackTables)),
    v.description("Tables held back as a whole: their lists are empty, or all of their figures null."),
  ),
  total: v.pipe(v.strictObject(figures), v.description("What people ran, all commands together.")),
  previous: v.pipe(v.strictObject(figures), v.description("The same in the previous period.")),
  commands: v.pipe(
    v.array(v.strictObject({
      command: v.string(),
      ...figures,
      share: v.pipe(v.nullable(v.number()), v.description("Of all people, from 0 to 1.")),
      previous: v.strictObject(figures),
      others: v.pipe(v.strictObject(senders), v.description("Scripts, CI jobs and agents.")),
    })),
    v.description("Commands of this period and the previous one; most people first."),
  ),
  time: v.array(v.strictObject({ ...dates, ...figures })),
  weeks: v.pipe(
    v.array(v.strictObject({ ...dates, newPeople: figure, returningPeople: figure })),
    v.description(
      "Weeks from Monday on; the first and the last may be cut. New is who was never counted before.",
    ),
  ),
  versions: v.array(v.strictObject({ version: name, ...figures })),
  systems: v.array(v.strictObject({ os: name, architecture: name, ...figures })),
  callers: v.pipe(
    v.array(v.strictObject({ caller: name, ...senders })),
    v.description("Who ran commands; empty if no signal says."),
  ),
  unused: v.pipe(
    v.array(v.strictObject({ tool: v.string(), of: whole, commands: v.array(v.string()) })),
    v.description("The commands that nobody used, of each tool whose profile is known, and how many it has."),
  ),
  passedOver: v.strictObject({
    lines: v.pipe(whole, v.description("Lines that are no signal.")),
    undated: v.pipe(whole, v.description("Signals without a time.")),
  }),
});
