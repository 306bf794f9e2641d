/**
 * The options of `run` and `explain`, and the variables that stand for them. Help shows the same table.
 *
 * @module
 */

// @ts-types="../types/deno_std_uuid.d.ts"
import { validate as isUuid } from "deno-std/uuid/common.js";
import type { Environment } from "../runtime/runtime.ts";
import { isEndpoint, withoutCredentials } from "../signal/endpoint.ts";
import { UsageError } from "../usage_error.ts";
import type { Sourced } from "./source.ts";

/** What an option is and what it takes. */
export interface OptionDefinition {
  /** As it is written, such as `--app-id`. */
  readonly flag: string;
  readonly description: string;
  /** The placeholder of the value in the help. An option without one is a switch. */
  readonly value?: string;
  /** What the option means without a value, which then stands behind `=` only. */
  readonly implied?: string;
  /** The environment variable that stands for the option. */
  readonly variable?: string;
  /** The one subcommand that has the option; `run` and `explain` have it if this is left out. */
  readonly only?: string;
  /** Says what would be right if the value is not. */
  readonly expected?: (value: string) => string | undefined;
}

function expect(
  isRight: (value: string) => boolean,
  description: string,
): (value: string) => string | undefined {
  return (value) => isRight(value) ? undefined : description;
}

const expectedUuid = expect(isUuid, "a UUID, such as 4539763B-A291-4835-B832-9BEB80CA7039");
const expectedName = expect(
  (value) => /^[\w.-]+$/.test(value),
  "letters, digits, dots, hyphens and underscores",
);
const expectedText = expect((value) => value.trim() !== "", "a text that is not empty");
const expectedEndpoint = expect(
  isEndpoint,
  "an https URL, or an http URL of this machine, without a password or a query",
);

const expectedSeconds = expect(isSeconds, "a number of seconds, such as 5");

/** The options by the names that the library gives them. Options win over variables, variables over the profile. */
export const optionDefinitions = {
  appID: {
    flag: "--app-id",
    value: "UUID",
    variable: "GS_TELEMETRY_APP_ID",
    description: "the TelemetryDeck app that gets the signal",
    expected: expectedUuid,
  },
  namespace: {
    flag: "--namespace",
    value: "NAME",
    variable: "GS_TELEMETRY_NAMESPACE",
    description: "the TelemetryDeck namespace of the app",
    expected: expectedName,
  },
  endpoint: {
    flag: "--endpoint",
    value: "URL",
    variable: "GS_TELEMETRY_ENDPOINT",
    description: "the ingest server (default: https://nom.telemetrydeck.com/v2/)",
    expected: expectedEndpoint,
  },
  profile: {
    flag: "--profile",
    value: "NAME|FILE",
    variable: "GS_TELEMETRY_PROFILE",
    description: "the profile of the command, if not the one that claims it",
    expected: expectedText,
  },
  name: {
    flag: "--name",
    value: "NAME",
    description: "what to call the tool, instead of the profile's or the executable's name",
    expected: expectedText,
  },
  signalType: {
    flag: "--signal-type",
    value: "TYPE",
    variable: "GS_TELEMETRY_SIGNAL_TYPE",
    description: "the type of the signal, such as Acme.command",
    expected: expectedName,
  },
  toolVersion: {
    flag: "--tool-version",
    value: "VERSION",
    description: "the version of the wrapped tool",
    expected: expectedText,
  },
  session: {
    flag: "--session",
    value: "UUID",
    variable: "GS_TELEMETRY_SESSION",
    description: "one session for several runs (default: a new one for each)",
    expected: expectedUuid,
  },
  testMode: {
    flag: "--test-mode",
    variable: "GS_TELEMETRY_TEST_MODE",
    description: "mark the signal as a test",
  },
  wait: {
    flag: "--wait",
    value: "SECONDS",
    implied: "5",
    variable: "GS_TELEMETRY_WAIT",
    description:
      "stay until the command has ended, and up to that long (default: 5) until the signal is sent",
    expected: expectedSeconds,
  },
  human: {
    flag: "--human",
    only: "explain",
    description: "say where each value is from and why it is sent (default on a terminal)",
  },
  json: {
    flag: "--json",
    only: "explain",
    description: "print the signal as JSON (default elsewhere)",
  },
} as const satisfies Record<string, OptionDefinition>;

/** The name of an option in code. */
export type OptionName = keyof typeof optionDefinitions;

/** What was given as options, checked. A switch has an empty value. */
export type Options = { readonly [Name in OptionName]?: string };

/**
 * Returns the value if it is right.
 *
 * @param source Where the value is from, for the message.
 * @throws {UsageError} If it is wrong.
 */
export function checkValue(source: string, value: string, definition: OptionDefinition): string {
  const expected = definition.expected?.(value);
  if (expected === undefined) return value;
  throw new UsageError(`${source} is '${withoutCredentials(value)}' but should be ${expected}`);
}

/**
 * Checks values that a program gives, as those of the command line are checked.
 *
 * @throws {UsageError} If one is wrong.
 */
export function checkOptions(given: { readonly [Name in OptionName]?: string | undefined }): Options {
  const options: { [Name in OptionName]?: string } = {};
  for (const name of Object.keys(optionDefinitions) as OptionName[]) {
    const value = given[name];
    if (value !== undefined) options[name] = checkValue(name, value, optionDefinitions[name]);
  }
  return options;
}

/** A variable with a wrong value. That is telemetry's trouble: the command runs and nothing is sent. */
export class VariableError extends Error {
  /** The name of the class, also in minified code. */
  override name = "VariableError";
  readonly variable: string;

  constructor(variable: string, message: string) {
    super(message);
    this.variable = variable;
  }
}

/**
 * Finds an option's value, on the command line or else in its variable. An empty variable counts as not set.
 *
 * @throws {VariableError} If the variable has a wrong value.
 */
export function findOption(name: OptionName, options: Options, env: Environment): Sourced | undefined {
  const definition: OptionDefinition = optionDefinitions[name];
  const option = options[name];
  if (option !== undefined) return { value: option, source: { kind: "option", name: definition.flag } };
  const { variable } = definition;
  const value = variable && env(variable);
  if (!variable || !value) return undefined;
  return { value: checkVariable(variable, value, definition), source: { kind: "variable", name: variable } };
}

function checkVariable(variable: string, value: string, definition: OptionDefinition): string {
  try {
    return checkValue(variable, value, definition);
  } catch (error) {
    throw new VariableError(variable, (error as Error).message);
  }
}

/** Reports whether a text is a number of seconds. */
export function isSeconds(value: string): boolean {
  return /^\d{1,6}(\.\d{1,3})?$/.test(value);
}
