/**
 * Profiles from files: reads and checks them. Off the way of a run that names none.
 *
 * @module
 */

import * as v from "valibot";
import { validate as isUuid } from "uuid";
import type { CommandTree } from "./name.ts";
import type { Profile } from "./profile.ts";
import { UsageError } from "./usage_error.ts";

const text = v.pipe(v.string(), v.nonEmpty("should not be empty"));
const texts = v.array(text);
const flags = v.array(
  v.pipe(v.string(), v.regex(/^-(-[^\s=]+|[^\s=-])$/, "should be a flag, such as --output or -o")),
);
const variable = v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "should be the name of a variable"));
const word = v.pipe(v.string(), v.regex(/^[^\s-][^\s]*$/, "should be one word"));

const commandTree: v.GenericSchema<CommandTree> = v.strictObject({
  name: word,
  aliases: v.optional(v.array(word)),
  valueFlags: v.optional(flags),
  boolFlags: v.optional(flags),
  persistentFlags: v.optional(v.boolean()),
  versionFlags: v.optional(flags),
  counted: v.optional(v.boolean()),
  commands: v.optional(v.array(v.lazy(() => commandTree))),
});

const profileSchema: v.GenericSchema<Profile> = v.strictObject({
  $schema: v.optional(v.string()),
  name: text,
  displayName: text,
  match: v.pipe(v.array(v.pipe(texts, v.nonEmpty("should have a word"))), v.nonEmpty("should have an entry")),
  appID: v.optional(v.pipe(v.string(), v.check((id: string) => isUuid(id), "should be a UUID"))),
  signalType: v.optional(text),
  optOut: v.optional(variable),
  testMode: v.optional(variable),
  versionCall: v.optional(texts),
  environment: v.optional(v.record(variable, v.string())),
  root: commandTree,
});

/**
 * Checks what a profile's file says.
 *
 * @param source What to call the profile in an error, such as its file.
 * @throws {UsageError} If it is not a profile; says where and what is expected.
 */
export function checkProfile(value: unknown, source: string): Profile {
  const result = v.safeParse(profileSchema, value);
  if (result.success) return result.output;
  throw new UsageError(`profile ${source}: ${describeIssue(result.issues[0])}`);
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue) ?? "the profile";
  if (issue.kind === "validation") return `${place} ${issue.message}, not ${issue.received}`;
  if (issue.expected === "never") return `${place} is not known`;
  return `${place} should be ${issue.expected}, not ${issue.received}`;
}

/**
 * Reads a profile from a file.
 *
 * @throws {UsageError} If it cannot be read, is no JSON or is not a profile.
 */
export function readProfile(path: string): Profile {
  return checkProfile(parse(read(path), path), path);
}

function read(path: string): string {
  try {
    return process.getBuiltinModule("node:fs").readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`profile ${path}: cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function parse(json: string, path: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new UsageError(`profile ${path}: is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
