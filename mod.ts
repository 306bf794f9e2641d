/**
 * gs-telemetry as a library: the parts of the program that are of use by themselves.
 *
 * The program wraps a command, runs it as if it had been run by itself, and sends one small
 * anonymous usage signal about it to TelemetryDeck. This library names commands, computes user
 * hashes and makes signals the same way; it runs and sends nothing. To wrap commands, use the
 * program itself.
 *
 * @example
 * ```ts
 * import { builtInProfiles, nameCommand } from "@giantswarm/gs-telemetry";
 * import assert from "node:assert/strict";
 *
 * const [kubectlGs] = builtInProfiles;
 * const name = nameCommand(kubectlGs.root, ["get", "cluster", "my-cluster"]);
 * assert.deepEqual(name, { counted: true, words: ["get", "clusters"] });
 * ```
 *
 * @module
 */

export { type IdentityFacts, machineIdentifier, userHash, userIdentifier } from "./lib/identity.ts";
export { checkBody, type CheckedBody, type IngestedSignal } from "./lib/sink/ingest_schema.ts";
export { type CommandTree, nameCommand, type NamedCommand } from "./lib/name.ts";
export { builtInProfiles, matchProfile, type Profile, type ProfileMatch } from "./lib/profile/profile.ts";
export { checkProfile } from "./lib/profile/schema.ts";
export { makeSignal, type Payload, type Signal, type SignalFacts, withReceivedAt } from "./lib/signal.ts";
export type { Machine } from "./lib/system/system.ts";
export { UsageError } from "./lib/usage_error.ts";
