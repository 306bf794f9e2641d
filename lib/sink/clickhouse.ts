/**
 * Speaks to a ClickHouse server by its HTTP interface, in plain SQL that version 18 knows.
 *
 * @module
 */

import type { ClickHousePlace } from "./store.ts";

/** The table of a database that signals are kept in. */
export const signalTable = "gs_telemetry_signals";

const timeLimit = 30_000;
const longestReason = 200;

/** The server did not answer: it is down, or cannot be reached. */
export class ClickHouseDown extends Error {
  override name = "ClickHouseDown";
}

/** The server's own refusal. */
export class ClickHouseRefusal extends Error {
  override name = "ClickHouseRefusal";
}

/** A database of a ClickHouse server. */
export class ClickHouse {
  readonly #place: ClickHousePlace;
  readonly #headers: Record<string, string>;

  constructor(place: ClickHousePlace, password: string | undefined) {
    this.#place = place;
    const { user } = place;
    this.#headers = {
      ...(user === undefined ? {} : { "x-clickhouse-user": user }),
      ...(password ? { "x-clickhouse-key": password } : {}),
    };
  }

  /**
   * Runs a statement.
   *
   * @param data Rows to insert, as JSON.
   * @throws {ClickHouseDown} If there is no answer.
   * @throws {ClickHouseRefusal} If the server refuses.
   */
  async run(sql: string, data?: string): Promise<string> {
    const url = new URL(this.#place.url);
    url.searchParams.set("database", this.#place.database);
    if (data !== undefined) url.searchParams.set("query", sql);
    const response = await this.#post(url, data ?? sql);
    const text = await response.text().catch((error) => {
      throw new ClickHouseDown(reasonOf(error), { cause: error });
    });
    if (response.ok) return text;
    const reason = text.trim().split("\n")[0].slice(0, longestReason) || `status ${response.status}`;
    // What stands before the server, such as a load balancer, answers so for one that is down.
    if (response.status === 502 || response.status === 503 || response.status === 504) {
      throw new ClickHouseDown(reason);
    }
    throw new ClickHouseRefusal(reason);
  }

  #post(url: URL, body: string): Promise<Response> {
    const signal = AbortSignal.timeout(timeLimit);
    return fetch(url, { method: "POST", headers: this.#headers, body, redirect: "error", signal })
      .catch((error) => {
        throw new ClickHouseDown(reasonOf(error), { cause: error });
      });
  }

  /** Runs a query and returns its rows, each an array of its columns. */
  async rows<Row extends readonly (string | number)[]>(query: string): Promise<Row[]> {
    const { meta, data } = JSON.parse(await this.run(`${query}\nFORMAT JSONCompact`)) as Table;
    // Numbers of 64 bits come as text, and a user who may only read may not ask for another form.
    const isNumber = meta.map(({ type }) => /^U?Int/.test(type));
    return data.map((row) => row.map((value, index) => isNumber[index] ? Number(value) : value) as never);
  }
}

interface Table {
  readonly meta: readonly { readonly type: string }[];
  readonly data: readonly (readonly (string | number)[])[];
}

/** A text as a literal of SQL. */
export function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message ? cause.message : error.message;
}
