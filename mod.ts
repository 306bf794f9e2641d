/**
 * gs-telemetry as a library: what a command-line tool written for Deno, Bun or Node.js (22.12 or newer)
 * imports to count its own commands, with the guarantees of the program: nothing lost, nothing waited for,
 * nothing but the names of commands sent, every opt-out obeyed.
 *
 * {@linkcode createTelemetry} is all that most tools need. A signal is put into a queue on disk and a
 * courier, a process of its own, delivers it to TelemetryDeck, also when the tool ends at once.
 *
 * @example
 * ```ts
 * import { createTelemetry } from "@giantswarm/gs-telemetry";
 *
 * const telemetry = await createTelemetry({
 *   appID: "4539763B-A291-4835-B832-9BEB80CA7039",
 *   tool: "acme",
 *   toolVersion: "1.4.0",
 *   commands: ["acme login", "acme cluster create"],
 * });
 * telemetry.signal("acme login");
 * ```
 *
 * @module
 */

export type { Consent, Refusal } from "./lib/consent/consent.ts";
export { runCourier } from "./lib/delivery/courier.ts";
export { flush, type FlushOptions, type FlushResult } from "./lib/delivery/flush.ts";
export { type KeptChoice, optIn, optOut, readConsent } from "./lib/library/consent.ts";
export { builtInProfiles, commandName, commandNames } from "./lib/library/profiles.ts";
export { createTelemetry, type Telemetry, type TelemetryOptions } from "./lib/library/telemetry.ts";
export { userHash } from "./lib/library/user_hash.ts";
export { wrap, type WrapOptions } from "./lib/library/wrap.ts";
export type { CommandTree } from "./lib/profile/name.ts";
export type { Profile } from "./lib/profile/profile.ts";
export { checkProfile } from "./lib/profile/schema.ts";
export type { Caller } from "./lib/signal/caller.ts";
export type { Payload, Signal } from "./lib/signal/signal.ts";
export type { IngestedSignal } from "./lib/sink/schema.ts";
export { createSink, type Sink, type SinkOptions } from "./lib/sink/server.ts";
export { UsageError } from "./lib/usage_error.ts";
