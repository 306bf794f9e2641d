/**
 * `sink`: takes signals, shows and keeps them, until it is ended.
 *
 * @module
 */

import { tell } from "../messages.ts";
import { runtime } from "../runtime/mod.ts";
import { openStore } from "../sink/open_store.ts";
import type { IngestedSignal } from "../sink/schema.ts";
import { type Service, startService } from "../sink/service.ts";
import { parseStore, type Store } from "../sink/store.ts";
import { printable } from "./page.ts";

/** What the command line says. */
export interface SinkCommand {
  readonly hostname: string;
  readonly port: number;
  /** A file or a database, see `parseStore`. */
  readonly store?: string;
  /** The apps whose signals are taken; all if not given. */
  readonly appIDs?: readonly string[];
}

const endingSignals = ["SIGINT", "SIGTERM"] as const;
const loopback = /^(localhost|127\..*|::1)$/;

/**
 * Serves until SIGINT or SIGTERM. Prints the address first, then a line for each signal.
 *
 * @returns The exit status.
 * @throws {Error} If the address cannot be listened on, the store not be written, or nobody reads any more.
 */
export async function serveSink(
  { hostname, port, store: storeName, appIDs = [] }: SinkCommand,
): Promise<number> {
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>();
  const say = sayer(fail);
  // A second one ends the process at once, as it would have without us.
  for (const signal of endingSignals) process.once(signal, () => end());
  const store = await openNamed(storeName);
  try {
    const service = await startService({
      hostname,
      port,
      store,
      appIDs: appIDs.map((each) => each.toLowerCase()),
      onSignals: (signals, isRepeated) => say(signals.map((each) => describeArrival(each, isRepeated))),
      onRefusal: (refusal) => isOwnTrouble(refusal) ? tell(printable(refusal)) : say([printable(refusal)]),
      makePage: storeName !== undefined && store?.isDatabase ? pageMaker(storeName) : undefined,
    });
    greet(service, hostname, store, say);
    await ended.finally(() => service.stop());
  } finally {
    await store?.close();
  }
  return 0;
}

/** Reports whether the sink could not do its part, such as `500 cannot write usage.db: …`. */
function isOwnTrouble(refusal: string): boolean {
  return refusal.startsWith("5");
}

async function openNamed(name: string | undefined): Promise<Store | undefined> {
  if (name === undefined) return undefined;
  return await openStore(parseStore(name), runtime.env("GS_TELEMETRY_CLICKHOUSE_PASSWORD"));
}

/** Makes a function that prints lines, and gives up when nobody reads them any more. */
function sayer(fail: (error: unknown) => void): (lines: readonly string[]) => void {
  return (lines) => {
    try {
      runtime.write(1, lines.map((line) => `${line}\n`).join(""));
    } catch (error) {
      fail(error);
    }
  };
}

function greet(
  { address }: Service,
  hostname: string,
  store: Store | undefined,
  say: (lines: readonly string[]) => void,
): void {
  say([`Listening on ${address}v2/`, ...(store?.isDatabase ? [`Report on ${address}`] : [])]);
  if (!loopback.test(hostname)) {
    tell(
      "others can reach this address, and what they send is not encrypted: put TLS in front of it (docs/sink.md)",
    );
  }
}

/** The page is made by a process of its own: the sink goes on meanwhile, and stays small. */
function pageMaker(store: string): () => Promise<string> {
  let making: Promise<string> | undefined;
  return () => making ??= makePage(store).finally(() => making = undefined);
}

function makePage(store: string): Promise<string> {
  const { execFile } = process.getBuiltinModule("node:child_process");
  // Deno would take its own program for `deno` and change the arguments.
  const direct = runtime.os === "windows" ? [] : ["env"];
  const [program, ...words] = [...direct, ...runtime.programCommand()];
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: Infinity };
    execFile(program, [...words, "report", "--html", "-", "--", store], options, (error, page, trouble) => {
      if (error) reject(new Error(trouble.trim().split("\n")[0] || error.message));
      else resolve(page);
    });
  });
}

function describeArrival(signal: IngestedSignal, isRepeated: boolean): string {
  return isRepeated ? `${describeSignal(signal)}  again, not stored` : describeSignal(signal);
}

/** Says in one line what a signal tells. What a sender wrote cannot steer the terminal. */
export function describeSignal(
  { type, clientUser, isTestMode, receivedAt, payload = {} }: IngestedSignal,
): string {
  const device = ["TelemetryDeck.Device.operatingSystem", "TelemetryDeck.Device.architecture"];
  const parts = [
    type,
    JSON.stringify(payload.command ?? ""),
    device.map((key) => payload[key] ?? "?").join("/"),
    `user ${clientUser.slice(0, 8)}`,
  ];
  if (payload.appVersion !== undefined) parts.push(`version ${payload.appVersion}`);
  if (receivedAt !== undefined) parts.push(`run at ${receivedAt}`);
  if (isTestMode) parts.push("test");
  return printable(parts.join("  "));
}
