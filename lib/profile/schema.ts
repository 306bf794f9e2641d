/**
 * What a profile's file may say, for checking one and for editors (`schemas/profile.schema.json`).
 * Off the way of a run: what was checked is kept in a compiled form, see `cache.ts`.
 *
 * @module
 */

import * as v from "valibot";
import type { CommandTree } from "./name.ts";
import type { Profile } from "./profile.ts";
import { UsageError } from "../usage_error.ts";

const text = v.pipe(v.string(), v.nonEmpty("should not be empty"));
const texts = v.array(text);
const flags = v.array(
  v.pipe(v.string(), v.regex(/^-(-[^\s=]+|[^\s=-][^\s=]*)$/, "should be a flag, such as --output or -o")),
);
const variable = v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "should be the name of a variable"));
const word = v.pipe(v.string(), v.regex(/^[^\s-][^\s]*$/, "should be one word"));

function described<Schema extends v.GenericSchema>(schema: Schema, description: string) {
  return v.optional(v.pipe(schema, v.description(description)));
}

/** A command in a profile. */
export const commandTree: v.GenericSchema<CommandTree> = v.strictObject({
  name: v.pipe(word, v.description("The word that calls the command, which is also its name in signals.")),
  aliases: described(v.array(word), "Other words that call it."),
  leadingWords: described(
    texts,
    "Beginnings of words that may stand before its flags and commands, such as + in cargo +nightly build.",
  ),
  valueFlags: described(
    flags,
    "Flags that take a value, with = or as the next word: --output, -o. Flags of one dash and many letters, " +
      "such as -chdir of terraform, are written so.",
  ),
  boolFlags: described(flags, "Flags that take no value, or one only with =."),
  persistentFlags: described(v.boolean(), "Whether its flags hold for the commands below it too."),
  localFlags: described(flags, "Those of its flags that do not, although persistentFlags is true."),
  versionFlags: described(
    flags,
    "Flags that only print the version; such calls are not counted. Not to be repeated in boolFlags.",
  ),
  interspersed: described(
    v.boolean(),
    "False if the first argument ends the command's flags, as in podman run IMAGE ls -h.",
  ),
  counted: described(v.boolean(), "False for help, completion, hidden commands and all below them."),
  commands: described(v.array(v.lazy(() => commandTree)), "The commands below it."),
});

/** A profile, as its JSON has it. */
export const profileSchema: v.GenericSchema<Profile> = v.strictObject({
  $schema: v.optional(v.string()),
  name: v.pipe(text, v.description("What --profile calls it.")),
  displayName: v.pipe(text, v.description("What a signal calls the tool, such as kubectl gs.")),
  match: v.pipe(
    v.array(v.pipe(texts, v.nonEmpty("should have a word"))),
    v.nonEmpty("should have an entry"),
    v.description(
      "The first words of the command lines that it claims, such as [[kubectl, gs], [kubectl-gs]].",
    ),
  ),
  appID: described(
    v.pipe(v.string(), v.uuid("should be a UUID")),
    "The TelemetryDeck app; without one nothing is sent.",
  ),
  signalType: described(text, "The type of the tool's signals, such as Acme.command."),
  identity: described(
    v.picklist(["machine"]),
    "machine: users are told apart by the machine ID and the user name, not as kubectl-gs does.",
  ),
  caller: described(
    v.boolean(),
    "Whether signals say who called the command: person, script, ci or agent.",
  ),
  session: described(
    v.picklist(["terminal"]),
    "terminal: all runs in one terminal session share a session ID; otherwise each run has its own.",
  ),
  optOutVariable: described(
    variable,
    "The variable that opts out of this tool's telemetry if it has any value.",
  ),
  testModeVariable: described(variable, "The variable that marks signals as tests if it is 1."),
  versionCall: described(texts, "The arguments that make the tool print its version, such as [--version]."),
  learnedFrom: described(
    text,
    "The tool's version that the profile was learned from; status tells if the tool is newer.",
  ),
  environment: described(v.record(variable, v.string()), "Variables that are set for the command."),
  root: v.pipe(commandTree, v.description("The tool's own flags and its commands.")),
});

/**
 * Checks what a profile's file says. Keys with an old name are renamed.
 *
 * @param source What to call the profile in an error, such as its file.
 * @throws {UsageError} If it is not a profile; says where and what is expected.
 */
export function checkProfile(value: unknown, source: string): Profile {
  const result = v.safeParse(profileSchema, withPresentKeys(value));
  if (result.success) return result.output;
  throw new UsageError(`profile ${source}: ${describeIssue(result.issues[0])}`);
}

/** Lists all that is wrong with a profile, each as a sentence that begins with the place. */
export function listMistakes(value: unknown): string[] {
  const result = v.safeParse(profileSchema, withPresentKeys(value));
  return (result.issues ?? []).map(describeIssue);
}

/** Keys that profiles may have from earlier versions, and their present names. */
const oldKeys: readonly (readonly [old: string, present: string])[] = [
  ["optOut", "optOutVariable"],
  ["testMode", "testModeVariable"],
];

/** Lists the old keys of a profile with their present names. */
export function renamedKeys(value: unknown): (readonly [old: string, present: string])[] {
  if (typeof value !== "object" || value === null) return [];
  return oldKeys.filter(([old, present]) => Object.hasOwn(value, old) && !Object.hasOwn(value, present));
}

function withPresentKeys(value: unknown): unknown {
  const renamed = new Map(renamedKeys(value));
  if (renamed.size === 0) return value;
  const entries = Object.entries(value as object).map(([key, each]) => [renamed.get(key) ?? key, each]);
  return Object.fromEntries(entries);
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue) ?? "the profile";
  if (issue.type === "non_empty") return `${place} ${issue.message}`;
  if (issue.kind === "validation") return `${place} ${issue.message}, not ${issue.received}`;
  if (issue.expected === "never") return `${place} is not known`;
  if (issue.received === "undefined") return `${place} is missing`;
  return `${place} should be ${issue.expected}, not ${issue.received}`;
}
