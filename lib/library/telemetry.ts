/**
 * Telemetry of a tool from inside: what a command-line tool imports to record its own commands.
 *
 * @module
 */

import { askConsent, type Consent, countedMarker, describeRefusal } from "../consent/consent.ts";
import { type CourierCommand, courierMarker, libraryCourier } from "../delivery/courier_start.ts";
import { clearQueue, hasQueue } from "../delivery/queue.ts";
import { findStateDirectory } from "../directories/state_directory.ts";
import { debug, isDryRun } from "../messages.ts";
import { findAddress } from "../run/address.ts";
import { checkOptions, checkValue, findOption, optionDefinitions, type Options } from "../run/options.ts";
import { tellSignal } from "../run/dry_run.ts";
import { findObstacle, meetObstacle, noticeFirst, type Place, record } from "../run/record.ts";
import { defaultSignalType } from "../run/settle.ts";
import { runtime } from "../runtime/mod.ts";
import { ingestUrl } from "../signal/endpoint.ts";
import { type Caller, findCaller } from "../signal/caller.ts";
import { makeSignal, type Signal, type SignalEnvelope } from "../signal/signal.ts";
import { hashUser } from "../signal/user.ts";
import { system } from "../system/mod.ts";
import { UsageError } from "../usage_error.ts";

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
  /** The type of the signals; `Command.run` if left out. */
  readonly signalType?: string;
  /** A variable of the tool's own that opts out if it has any value. */
  readonly optOutVariable?: string;
  /** `machine` to tell users apart by the machine ID, see `docs/profiles.md`. */
  readonly identity?: "machine";
  /** Whether signals say who called the tool, see {@linkcode Payload}. */
  readonly caller?: boolean;
  /**
   * The ingest server. If left out that of `GS_TELEMETRY_ENDPOINT`, of the organisation's settings, or else
   * TelemetryDeck's.
   */
  readonly endpoint?: string;
  /** The TelemetryDeck namespace of the app. */
  readonly namespace?: string;
  /** One session for several processes, a UUID; a new one for each call if left out. */
  readonly session?: string;
  /** Whether signals are marked as tests. */
  readonly testMode?: boolean;
  /** What the user is told once, before anything is sent, instead of the text of gs-telemetry. */
  readonly notice?: string;
  /**
   * The words that start a courier, which delivers in the background: a program that calls `runCourier`. A
   * program that runs from source needs none: its runtime is started with a module of this library. If this is
   * `false`, and in a standalone or bundled program without one, signals wait until `flush` delivers them.
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
   * @throws {Error} If there is none: the user was opted out at the start, or a variable is wrong.
   */
  preview(command: Command): Signal;
}

/**
 * Prepares the telemetry of a tool. The first process on a terminal shows the user a notice when it records, and
 * sends nothing.
 *
 * @throws {UsageError} If an option is wrong. Trouble with the user's machine or variables is not an error:
 * telemetry is off then.
 * @example
 * ```ts
 * import { createTelemetry } from "@giantswarm/gs-telemetry";
 *
 * const telemetry = await createTelemetry({
 *   appID: "4539763B-A291-4835-B832-9BEB80CA7039",
 *   tool: "acme",
 *   commands: ["acme login", "acme cluster create"],
 * });
 * telemetry.signal("acme login");
 * ```
 */
export async function createTelemetry<const Command extends string>(
  options: TelemetryOptions<Command>,
): Promise<Telemetry<Command>> {
  const checked = checkTelemetryOptions(options);
  return new Client(options, await tryToPrepare(options, checked));
}

/** What is the same for all signals of a process. */
interface Prepared {
  readonly url: string;
  readonly envelope: SignalEnvelope;
  readonly caller: Caller | undefined;
}

/** Why nothing can be recorded. */
interface Unprepared {
  readonly trouble: string;
}

async function tryToPrepare(options: TelemetryOptions, checked: Options): Promise<Prepared | Unprepared> {
  try {
    return await prepare(options, checked);
  } catch (error) {
    return { trouble: error instanceof Error ? error.message : String(error) };
  }
}

/** Of a user who is opted out, nothing is read. */
async function prepare(options: TelemetryOptions, checked: Options): Promise<Prepared | Unprepared> {
  const { env } = runtime;
  const consent = askConsent(env, options.optOutVariable);
  if (!consent.given) return { trouble: `opted out by ${describeRefusal(consent)}` };
  const { endpoint, namespace } = findAddress(checked, env);
  return {
    url: ingestUrl(endpoint.value, namespace?.value),
    envelope: {
      appID: options.appID,
      clientUser: await hashUser(options.identity, env),
      sessionID: findOption("session", checked, env)?.value ?? crypto.randomUUID(),
      isTestMode: findOption("testMode", checked, env) !== undefined,
      type: options.signalType ?? defaultSignalType,
    },
    caller: options.caller ? findCaller(env).caller : undefined,
  };
}

/** Checks what the program has as options, too. JavaScript may leave out what has to be given. */
function checkTelemetryOptions(options: TelemetryOptions): Options {
  const { appID, tool, commands, toolVersion, signalType, endpoint, namespace, session, testMode } = options;
  checkValue("tool", tool ?? "", optionDefinitions.name);
  for (const command of commands) checkValue("a command", command, optionDefinitions.name);
  if (commands.length === 0) throw new UsageError("commands is empty but should name the tool's commands");
  return checkOptions({
    appID: appID ?? "",
    toolVersion,
    signalType,
    endpoint,
    namespace,
    session,
    testMode: testMode ? "" : undefined,
  });
}

class Client<Command extends string> implements Telemetry<Command> {
  readonly #options: TelemetryOptions<Command>;
  readonly #prepared: Prepared | Unprepared;
  #hasMetNotice = false;

  constructor(options: TelemetryOptions<Command>, prepared: Prepared | Unprepared) {
    this.#options = options;
    this.#prepared = prepared;
  }

  get consent(): Consent {
    return askConsent(runtime.env, this.#options.optOutVariable);
  }

  signal(command: Command | undefined): boolean {
    try {
      const reason = this.#refusal() ?? this.#record(command);
      if (reason !== undefined) debug(`nothing is sent: ${reason}`);
      return reason === undefined;
    } catch (error) {
      debug(`telemetry failed: ${error}`);
      return false;
    }
  }

  preview(command: Command): Signal {
    if ("trouble" in this.#prepared) throw new Error(this.#prepared.trouble);
    const { envelope, caller } = this.#prepared;
    return makeSignal(envelope, command, this.#options.toolVersion, caller);
  }

  /** Returns why the user or the surroundings want no signal. Deletes what waits of a user who is opted out. */
  #refusal(): string | undefined {
    const { env } = runtime;
    const { optOutVariable } = this.#options;
    if (env(courierMarker)) return "the courier itself is not counted";
    const { consent } = this;
    if (consent.given) {
      return optOutVariable && optOutVariable === env(countedMarker) ? "it is counted already" : undefined;
    }
    const state = consent.decidedBy === optOutVariable ? undefined : findStateDirectory(env);
    if (state && !isDryRun() && hasQueue(state)) clearQueue(state);
    return `opted out by ${describeRefusal(consent)}`;
  }

  /** Returns the reason if nothing is recorded. */
  #record(command: Command | undefined): string | undefined {
    const prepared = this.#prepared;
    if (command === undefined || !this.#options.commands.includes(command)) return "it is no known command";
    if ("trouble" in prepared) return prepared.trouble;
    const { url } = prepared;
    if (isDryRun()) return this.#tellDryRun(command, url);
    const place = this.#place();
    const obstacle = this.#obstacle(place, url);
    if (obstacle !== undefined || !place.state) return obstacle;
    const recorded = record(place.state, { url, signal: this.preview(command) }, this.#courier(), false);
    system.reapStarter();
    return recorded ? undefined : "it cannot be kept";
  }

  #tellDryRun(command: Command, url: string): string {
    tellSignal(this.preview(command), url, findObstacle(this.#place(), runtime.env));
    return "this is a dry run";
  }

  #place(): Place {
    const { tool, optOutVariable, notice } = this.#options;
    return { state: findStateDirectory(runtime.env), notice: { tool, optOutVariable, text: notice } };
  }

  /** The process that shows the notice sends nothing at all, not even its later signals. */
  #obstacle(place: Place, url: string): string | undefined {
    if (this.#hasMetNotice) return noticeFirst;
    const obstacle = meetObstacle(place, url, runtime.env);
    this.#hasMetNotice = obstacle === noticeFirst;
    return obstacle;
  }

  #courier(): CourierCommand {
    const { courier } = this.#options;
    if (courier === undefined) return libraryCourier();
    return courier === false || courier.length === 0 ? undefined : courier;
  }
}
