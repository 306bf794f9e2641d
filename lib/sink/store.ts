/**
 * Where a sink keeps signals.
 *
 * @module
 */

import { UsageError } from "../usage_error.ts";
import type { IngestedSignal } from "./schema.ts";

/** Keeps signals. */
export interface Store {
  /** Whether `report` reads it while a sink writes to it. */
  readonly isDatabase: boolean;
  /**
   * Keeps the signals of one request: all of them or none. Settles when they are safe on disk.
   *
   * @throws {StoreError} If they cannot be kept now.
   */
  add(request: Arrival): Promise<"stored" | "repeated">;
  close(): Promise<void>;
}

/** The signals of one request. */
export interface Arrival {
  readonly signals: readonly IngestedSignal[];
  /** The body that they came in. */
  readonly body: string;
  /** In milliseconds since 1970. */
  readonly time: number;
}

/** Signals could not be kept: their sender is to keep them. */
export class StoreError extends Error {
  override name = "StoreError";
  /** The HTTP status to answer with. */
  readonly status: 500 | 503;

  constructor(message: string, status: 500 | 503, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

/** The place of a store, by its kind. */
export type StorePlace =
  | { readonly kind: "json lines"; readonly file: string }
  | { readonly kind: "sqlite"; readonly file: string }
  | { readonly kind: "clickhouse"; readonly place: ClickHousePlace };

/** A database of a ClickHouse server. */
export interface ClickHousePlace {
  /** The server's address, such as `https://clickhouse.example.com:8443/`. */
  readonly url: string;
  readonly user: string | undefined;
  readonly database: string;
}

const clickhouseShape = "clickhouse+https://[USER@]HOST:PORT/DATABASE";
const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Reads the name of a store.
 *
 * @throws {UsageError} If it is an address of no known kind.
 */
export function parseStore(name: string): StorePlace {
  if (name === "") throw new UsageError("the name of the store is empty");
  if (/^clickhouse/i.test(name) && name.includes(":")) {
    return { kind: "clickhouse", place: parseClickHouse(name) };
  }
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(name)?.[1];
  if (scheme !== undefined) {
    throw new UsageError(`unknown kind of store '${scheme}'; there are files and ${clickhouseShape}`);
  }
  return { kind: /\.(db|sqlite)$/i.test(name) ? "sqlite" : "json lines", file: name };
}

function parseClickHouse(name: string): ClickHousePlace {
  const [, scheme] = /^clickhouse\+(https?):\/\//.exec(name) ?? [];
  const url = scheme === undefined ? null : URL.parse(name.slice("clickhouse+".length));
  const [, database] = /^\/(\w+)\/?$/.exec(url?.pathname ?? "") ?? [];
  if (url === null || database === undefined || url.search !== "" || url.hash !== "") {
    throw new UsageError(`a ClickHouse store should be written as ${clickhouseShape}`);
  }
  if (url.password !== "") {
    throw new UsageError("the password of ClickHouse belongs into GS_TELEMETRY_CLICKHOUSE_PASSWORD");
  }
  if (scheme === "http" && !loopbackHost.test(url.hostname)) {
    throw new UsageError("clickhouse+http is for this machine only; use clickhouse+https");
  }
  return { url: `${url.origin}/`, user: decodeURIComponent(url.username) || undefined, database };
}

/** Says what went wrong with something, by the error's message. */
export function describeFailure(failure: string, cause: unknown): string {
  return `${failure}: ${cause instanceof Error ? cause.message : String(cause)}`;
}
