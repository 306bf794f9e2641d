/**
 * The options of `run` and `explain` and the variables that stand for them. This parser is on the
 * way of every run and therefore small; `commands.ts` shows the same table as help.
 *
 * @module
 */

import { brand } from "../brand.ts";
import { validate as isUuid } from "uuid";
import type { Environment } from "../consent/consent.ts";
import { withoutCredentials } from "../signal/endpoint.ts";
import type { Sourced } from "./source.ts";
import { UsageError } from "../usage_error.ts";

/** What an option is and what it takes. */
export interface OptionDefinition {
  readonly description: string;
  /** The placeholder of the value in the help; an option without one is a switch. */
  readonly value?: string;
  /** What the option means without a value; its value then stands behind `=` only. */
  readonly implied?: string;
  /** The environment variable that stands for the option. */
  readonly variable?: string;
  /** The one subcommand that has the option; without this, `run` and `explain` have it. */
  readonly only?: string;
  /** Says what would be right, if the value is not. */
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

/** The options by name. Options win over variables, variables over the profile. */
export const optionDefinitions = {
  "app-id": {
    value: "UUID",
    variable: "GS_TELEMETRY_APP_ID",
    description: "the TelemetryDeck app that gets the signal",
    expected: expectedUuid,
  },
  namespace: {
    value: "NAME",
    variable: "GS_TELEMETRY_NAMESPACE",
    description: "the TelemetryDeck namespace of the app",
    expected: expectedName,
  },
  endpoint: {
    value: "URL",
    variable: "GS_TELEMETRY_ENDPOINT",
    description: "the ingest server (default: https://nom.telemetrydeck.com/v2/)",
    expected: expectedEndpoint,
  },
  profile: {
    value: "NAME|FILE",
    variable: "GS_TELEMETRY_PROFILE",
    description: "the profile of the command, if not the one that claims it",
    expected: expectedText,
  },
  name: {
    value: "NAME",
    description: "what to call the tool, instead of the profile's or the executable's name",
    expected: expectedText,
  },
  "signal-type": {
    value: "TYPE",
    description: "the type of the signal, such as Acme.command",
    expected: expectedName,
  },
  "tool-version": {
    value: "VERSION",
    description: "the version of the wrapped tool",
    expected: expectedText,
  },
  session: {
    value: "UUID",
    variable: "GS_TELEMETRY_SESSION",
    description: "one session for several runs (default: a new one for each)",
    expected: expectedUuid,
  },
  "test-mode": {
    variable: "GS_TELEMETRY_TEST_MODE",
    description: "mark the signal as a test",
  },
  wait: {
    value: "SECONDS",
    implied: "5",
    variable: "GS_TELEMETRY_WAIT",
    description:
      "stay until the command has ended, and up to that long (default: 5) until the signal is sent",
    expected: expectedSeconds,
  },
  human: {
    only: "explain",
    description: "say where each value is from and why it is sent (default on a terminal)",
  },
  json: {
    only: "explain",
    description: "print the signal as JSON (default elsewhere)",
  },
} as const satisfies Record<string, OptionDefinition>;

/** The name of an option, without its hyphens. */
export type OptionName = keyof typeof optionDefinitions;

/** What was given on the command line; a switch has an empty value. */
export type Options = { readonly [Name in OptionName]?: string };

/** The words after `run` or `explain`. */
export type CommandLine =
  | { readonly kind: "help" }
  | { readonly kind: "unknown option"; readonly option: string }
  | { readonly kind: "command"; readonly options: Options; readonly command: readonly [string, ...string[]] };

const definitions: Readonly<Record<string, OptionDefinition>> = optionDefinitions;

/**
 * Splits the words after `run` or `explain` into options and the command. Options end at the first
 * word that is not one, or at `--`.
 *
 * @throws {UsageError} On a missing or wrong value, or no command.
 */
export function parseCommandLine(subcommand: string, words: readonly string[]): CommandLine {
  const options: Record<string, string> = {};
  let index = 0;
  for (; index < words.length; index++) {
    const word = words[index];
    if (word === "--") {
      index++;
      break;
    }
    if (!word.startsWith("-") || word === "-") break;
    if (word === "--help" || word === "-h") return { kind: "help" };
    const equals = word.indexOf("=");
    const option = equals < 0 ? word : word.slice(0, equals);
    const name = option.slice(2);
    if (!option.startsWith("--") || !isOptionOf(subcommand, name)) {
      return { kind: "unknown option", option };
    }
    if (definitions[name].value === undefined) {
      if (equals >= 0) throw new UsageError(`--${name} takes no value`);
      options[name] = "";
      continue;
    }
    const implied = definitions[name].implied;
    const value = equals >= 0 ? word.slice(equals + 1) : implied ?? words[++index];
    if (value === undefined) {
      throw new UsageError(`--${name} needs a value: --${name} ${definitions[name].value}`);
    }
    options[name] = checkValue(`--${name}`, value, definitions[name]);
  }
  const [program, ...args] = words.slice(index);
  if (program === undefined) {
    throw new UsageError(`${subcommand} needs a command: ${brand.name} ${subcommand} -- COMMAND [ARG...]`);
  }
  return { kind: "command", options, command: [program, ...args] };
}

/** Whether the subcommand has an option of that name. */
export function isOptionOf(subcommand: string, name: string): name is OptionName {
  return Object.hasOwn(definitions, name) && (definitions[name].only ?? subcommand) === subcommand;
}

/** Gives the value back, if it is right.
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
 * Checks values as the program checks its options.
 *
 * @param given The option, its name for messages, and its value, if it has one.
 */
export function checkGiven(given: readonly (readonly [OptionName, string, string | undefined])[]): Options {
  const options: { [Name in OptionName]?: string } = {};
  for (const [name, shown, value] of given) {
    if (value !== undefined) options[name] = checkValue(shown, value, optionDefinitions[name]);
  }
  return options;
}

/**
 * Finds an option's value, on the command line or else in its variable.
 *
 * @throws {UsageError} On a wrong value in the variable.
 */
export function findOption(name: OptionName, options: Options, env: Environment): Sourced | undefined {
  const option = options[name];
  if (option !== undefined) return { value: option, source: { kind: "option", name: `--${name}` } };
  const definition = definitions[name];
  const { variable } = definition;
  const value = variable && env(variable);
  if (!variable || !value) return undefined;
  return { value: checkValue(variable, value, definition), source: { kind: "variable", name: variable } };
}

/**
 * Gives an option's value alone.
 *
 * @throws {UsageError} On a wrong value in the variable.
 */
export function optionValue(name: OptionName, options: Options, env: Environment): string | undefined {
  return findOption(name, options, env)?.value;
}

/** Whether a text is a number of seconds. */
export function isSeconds(value: string): boolean {
  return /^\d{1,6}(\.\d{1,3})?$/.test(value);
}

/**
 * Whether signals may be sent there: TLS is required, save on this machine. A password or a token would be
 * seen in the list of processes and lie in every signal's file.
 */
export function isEndpoint(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || url.href !== `${url.protocol}//${url.host}${url.pathname}`) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}
