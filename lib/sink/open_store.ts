import type { Store, StorePlace } from "./store.ts";

/**
 * Opens a store to write to it, and makes it if there is none.
 *
 * @throws {Error} If it cannot be written.
 */
export async function openStore(place: StorePlace, password?: string): Promise<Store> {
  if (place.kind === "sqlite") return (await import("./sqlite_store.ts")).openSqliteStore(place.file);
  if (place.kind === "json lines") {
    return await (await import("./json_lines_store.ts")).openJsonLinesStore(place.file);
  }
  return await (await import("./clickhouse_store.ts")).openClickHouseStore(place.place, password);
}
