/**
 * Telemetry of a tool from inside: what a command-line tool imports to record its own commands.
 *
 * @module
 */

import { clearQueue, hasQueue } from "../delivery/queue.ts";
import { courierMarker, libraryCourier } from "../delivery/courier_start.ts";
import { type Consent, countedMarker, describeRefusal, readConsent } from "../consent/consent.ts";
import { debug } from "../messages.ts";
import { giveNotice, type Notice } from "../consent/notice.ts";
import { checkGiven, type Options, optionValue } from "../run/options.ts";
import { stateDirectory } from "../directories/paths.ts";
import { defaultSignalType, ingestUrl } from "../run/plan.ts";
import { record } from "../run/record.ts";
import { runtime } from "../runtime/mod.ts";
import { makeSignal, type Signal, type SignalFacts } from "../signal/signal.ts";
import { system } from "../system/mod.ts";
import { UsageError } from "../usage_error.ts";
import { userHash } from "../signal/user.ts";

/** What a tool says of itself, and how its signals are sent. */
export interface TelemetryOptions<Command extends string = string> {
  /** The TelemetryDeck app that gets the signals, a UUID. */
  readonly appID: string;
  /** What people call the tool; the notice calls it so. */
  readonly tool: string;
  /** The names of all commands, as they are to arrive, such as `acme login`: nothing else is ever sent. */
  readonly commands: readonly Command[];
  /** The tool's version. */
  readonly toolVersion?: string;
  /** The type of the signals; `Command.run` if not given. */
  readonly signalType?: string;
  /** A variable of the tool's own that opts out when it has any value. */
  readonly optOut?: string;
  /** `machine` where users are told apart by the machine ID, see the README. */
  readonly identity?: "machine";
  /** The ingest server; TelemetryDeck's, or that of `GS_TELEMETRY_ENDPOINT`, if not given. */
  readonly endpoint?: string;
  /** The TelemetryDeck namespace of the app. */
  readonly namespace?: string;
  /** One session for several processes, a UUID; a new one for each client if not given. */
  readonly session?: string;
  /** Whether signals are marked as tests. */
  readonly testMode?: boolean;
  /** What the user is told once, before anything is sent, instead of the text of gs-telemetry. */
  readonly notice?: string;
  /**
   * The words that start a courier, which delivers in the background: a program that calls `runCourier`.
   * A program that runs from source needs none: its runtime is started with a module of this library. In a
   * standalone or bundled program without one, and where this is `false`, signals wait until `flush` delivers
   * them.
   */
  readonly courier?: readonly string[] | false;
}

/** Records signals of one tool. Made by {@linkcode createTelemetry}. */
export interface Telemetry<Command extends string = string> {
  /** Whether telemetry is on for this user and tool, now, and what decides it. */
  readonly consent: Consent;
  /**
   * Records that a command was run, and returns at once; the courier delivers it, whatever becomes of this
   * process. Never throws, never prints, never waits for a network.
   *
   * @param command One of the tool's commands; nothing is recorded without one.
   * @returns Whether a signal was recorded.
   */
  signal(command: Command | undefined): boolean;
  /**
   * The signal that {@linkcode Telemetry.signal} would record, for people to see.
   *
   * @throws {Error} Where none can be made: the user was opted out at the start, or a variable is wrong.
   */
  preview(command: Command): Signal;
}

/**
 * Prepares the telemetry of a tool. The first process on a terminal shows the user a notice when it records,
 * and sends nothing.
 *
 * @throws {UsageError} On an option that is wrong. Trouble with the user's machine or variables is none:
 * telemetry is off then.
 * @example
 * ```ts
 * import { createTelemetry } from "@giantswarm/gs-telemetry";
 *
 * const telemetry = createTelemetry({
 *   appID: "4539763B-A291-4835-B832-9BEB80CA7039",
 *   tool: "acme",
 *   commands: ["acme login", "acme cluster create"],
 * });
 * telemetry.signal("acme login");
 * ```
 */
export function createTelemetry<const Command extends string>(
  options: TelemetryOptions<Command>,
): Telemetry<Command> {
  const checked = checkOptions(options);
  return new Client(options, tryToPrepare(options, checked));
}

function tryToPrepare(options: TelemetryOptions, checked: Options): Prepared | Unprepared {
  try {
    return prepare(options, checked);
  } catch (error) {
    return { trouble: error instanceof Error ? error.message : String(error) };
  }
}

/** What is the same for all signals of a process. */
interface Prepared {
  readonly url: string;
  readonly facts: Omit<SignalFacts, "command">;
}

/** Why nothing can be recorded. */
interface Unprepared {
  readonly trouble: string;
}

/** Of a user who is opted out nothing is read. */
function prepare(options: TelemetryOptions, checked: Options): Prepared | Unprepared {
  const consent = readConsent(options.optOut);
  if (!consent.given) return { trouble: `opted out by ${describeRefusal(consent)}` };
  const { env, os, architecture } = runtime;
  return {
    url: ingestUrl(checked, env),
    facts: {
      appID: options.appID,
      clientUser: userHash(options.identity),
      sessionID: optionValue("session", checked, env) ?? crypto.randomUUID(),
      testMode: optionValue("test-mode", checked, env) !== undefined,
      signalType: options.signalType ?? defaultSignalType,
      toolVersion: options.toolVersion,
      os,
      architecture,
    },
  };
}

/** The options that the program has too, checked as there. JavaScript may leave out what has to be given. */
function checkOptions(options: TelemetryOptions): Options {
  const { appID, tool, commands, toolVersion, signalType, endpoint, namespace, session, testMode } = options;
  const given = [
    ["app-id", "appID", appID ?? ""],
    ["name", "tool", tool ?? ""],
    ...commands.map((command) => ["name", "a command", command] as const),
    ["tool-version", "toolVersion", toolVersion],
    ["signal-type", "signalType", signalType],
    ["endpoint", "endpoint", endpoint],
    ["namespace", "namespace", namespace],
    ["session", "session", session],
    ["test-mode", "testMode", testMode ? "" : undefined],
  ] as const;
  if (commands.length === 0) throw new UsageError("commands is empty but should name the tool's commands");
  return checkGiven(given);
}

class Client<Command extends string> implements Telemetry<Command> {
  readonly #options: TelemetryOptions<Command>;
  readonly #prepared: Prepared | Unprepared;
  #hasGivenNotice = false;

  constructor(options: TelemetryOptions<Command>, prepared: Prepared | Unprepared) {
    this.#options = options;
    this.#prepared = prepared;
  }

  get consent(): Consent {
    return readConsent(this.#options.optOut);
  }

  signal(command: Command | undefined): boolean {
    try {
      const reason = this.#record(command);
      if (reason !== undefined) debug(`nothing is sent: ${reason}`);
      return reason === undefined;
    } catch (error) {
      debug(`telemetry failed: ${error}`);
      return false;
    }
  }

  preview(command: Command): Signal {
    if ("trouble" in this.#prepared) throw new Error(this.#prepared.trouble);
    return makeSignal({ ...this.#prepared.facts, command });
  }

  /** Gives the reason where nothing is recorded. */
  #record(command: Command | undefined): string | undefined {
    const prepared = this.#prepared;
    const directory = stateDirectory(runtime.env);
    const refusal = this.#refusal(directory);
    if (refusal !== undefined) return refusal;
    if (command === undefined || !this.#options.commands.includes(command)) return "it is no known command";
    if ("trouble" in prepared) return prepared.trouble;
    if (!directory) return "there is no home to keep it in";
    const { url } = prepared;
    this.#hasGivenNotice ||= giveNotice(directory, url, runtime.env, this.#notice());
    if (this.#hasGivenNotice) return "a notice comes before the first signal";
    const entry = { url, signal: this.preview(command) };
    const recorded = record(directory, entry, { courier: this.#courier(), isUrgent: false });
    system.settle();
    return recorded ? undefined : "it cannot be kept";
  }

  #refusal(directory: string | undefined): string | undefined {
    const { optOut } = this.#options;
    if (runtime.env(courierMarker)) return "the courier itself is not counted";
    const { consent } = this;
    if (!consent.given) {
      const isOwn = consent.decidedBy === optOut;
      if (!isOwn && directory && hasQueue(directory)) clearQueue(directory);
      return `opted out by ${describeRefusal(consent)}`;
    }
    return optOut && optOut === runtime.env(countedMarker) ? "it is counted already" : undefined;
  }

  #courier(): readonly string[] {
    const { courier } = this.#options;
    return courier === undefined ? libraryCourier() : courier || [];
  }

  #notice(): Notice {
    const { tool, optOut, notice } = this.#options;
    return { tool, optOut, text: notice };
  }
}
