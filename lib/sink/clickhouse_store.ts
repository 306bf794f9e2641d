/**
 * Keeps signals in a table of ClickHouse.
 *
 * @module
 */

import { ClickHouse, ClickHouseDown, signalTable } from "./clickhouse.ts";
import { hourOf } from "./hour.ts";
import { hourOfSignal, labelsOf, restOf, storable } from "./labels.ts";
import type { IngestedSignal } from "./schema.ts";
import { type Arrival, type ClickHousePlace, describeFailure, type Store, StoreError } from "./store.ts";

const creation = `CREATE TABLE IF NOT EXISTS ${signalTable} (
  received_at DateTime('UTC'), client_user String, app_id String, type String, command String, version String,
  os String, architecture String, caller String, is_test UInt8, rest String
) ENGINE = MergeTree PARTITION BY toYYYYMM(received_at) ORDER BY (app_id, received_at, client_user)`;

/**
 * Opens a table, and makes it if there is none. A server that is down is waited for: until it is back nothing
 * is taken.
 *
 * @throws {Error} If the server refuses.
 */
export async function openClickHouseStore(
  place: ClickHousePlace,
  password: string | undefined,
): Promise<Store> {
  const store = new ClickHouseStore(new ClickHouse(place, password));
  await store.prepare().catch((error) => {
    if (!(error instanceof ClickHouseDown)) throw new Error(describeFailure("ClickHouse refuses", error));
  });
  return store;
}

class ClickHouseStore implements Store {
  readonly isDatabase = true;
  readonly #server: ClickHouse;
  #isPrepared = false;

  constructor(server: ClickHouse) {
    this.#server = server;
  }

  /** Makes the table, unless it is there: a user who may only insert may not ask to make it. */
  async prepare(): Promise<void> {
    if (this.#isPrepared) return;
    const isThere = (await this.#server.run(`EXISTS TABLE ${signalTable}`)).trim() === "1";
    if (!isThere) await this.#server.run(creation);
    this.#isPrepared = true;
  }

  async add({ signals, time }: Arrival): Promise<"stored"> {
    const rows = signals.map((signal) => JSON.stringify(rowOf(signal, hourOf(time))));
    try {
      await this.prepare();
      await this.#server.run(`INSERT INTO ${signalTable} FORMAT JSONEachRow`, rows.join("\n"));
      return "stored";
    } catch (error) {
      const isDown = error instanceof ClickHouseDown;
      const failure = isDown ? "ClickHouse does not answer" : "ClickHouse refuses";
      throw new StoreError(describeFailure(failure, error), isDown ? 503 : 500, error);
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function rowOf(signal: IngestedSignal, arrivedAt: number): Record<string, string | number> {
  const labels = labelsOf(signal);
  const { appID, type, command, version, os, architecture, caller, isTest } = labels;
  return {
    received_at: hourOfSignal(signal, arrivedAt) * 3_600,
    client_user: storable(signal.clientUser),
    ...{ app_id: appID, type, command, version, os, architecture, caller },
    is_test: Number(isTest),
    rest: restOf(signal, labels),
  };
}
