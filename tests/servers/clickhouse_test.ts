import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { inWorld, Sink } from "../helpers/harness.ts";
import { isInstalled } from "../helpers/property.ts";
import { anyQuestion, anySignal, ask, fillStore, inFolder } from "../helpers/signals.ts";
import { type ClickHouseServer, startClickHouse } from "./clickhouse.ts";

const skip = isInstalled("clickhouse-server")
  ? false
  : "needs clickhouse-server (apt-get install clickhouse-server)";
const signal = { appID: "4539763B-A291-4835-B832-9BEB80CA7039", clientUser: "hash", type: "Acme.command" };

let server: ClickHouseServer;
before(async () => {
  if (!skip) server = await startClickHouse();
});
after(async () => {
  if (!skip) await server.stop();
});

async function post(endpoint: string, signals: readonly unknown[]): Promise<number> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(endpoint, { method: "POST", headers, body: JSON.stringify(signals) });
  await response.body?.cancel();
  return response.status;
}

test(
  "a report says the same of ClickHouse and of lines of JSON, whatever the signals",
  { skip },
  () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anySignal, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 }),
        anyQuestion,
        (requests, question) =>
          inFolder(async (folder) => {
            await server.run("DROP TABLE IF EXISTS gs_telemetry_signals");
            const stores = [join(folder, "usage.jsonl"), server.store];
            for (const store of stores) await fillStore(store, requests);
            const [lines, database] = await Promise.all(stores.map((store) => ask([store], question)));
            assert.deepEqual(database, lines);
          }),
      ),
      { numRuns: 40 },
    ),
);

test(
  "sink answers 503 while ClickHouse is down, and stores when it is back",
  { skip },
  () =>
    inWorld(async (world) => {
      await server.run("DROP TABLE IF EXISTS gs_telemetry_signals");
      const resume = await server.pause();
      const sink = await Sink.start(world, "127.0.0.1:0", server.store);
      try {
        assert.equal(await post(sink.endpoint, [signal]), 503);
        await resume();
        assert.equal(await post(sink.endpoint, [signal, { ...signal, clientUser: "other" }]), 200);
        assert.equal((await server.run("SELECT count() FROM gs_telemetry_signals")).trim(), "2");
        const page = await fetch(new URL("/", sink.endpoint));
        assert.match(await page.text(), /<b>2<\/b><span>people/);
      } finally {
        await sink.stop();
      }
    }),
);

test("sink and report tell in one line that ClickHouse refuses", { skip }, () =>
  inWorld(async (world) => {
    const unknown = server.store.replace(/default$/, "unknown");
    for (const args of [["sink", "--listen", "127.0.0.1:0", "--store", unknown], ["report", unknown]]) {
      const { status, stderr } = await world.run(args);
      assert.match(stderr, /^gs-telemetry: [^\n]*ClickHouse[^\n]*: [^\n]+\n$/);
      assert.equal(status, 1);
    }
    const reader = server.store.replace("//", "//reader@");
    const wrong = await world.run(["report", reader], { env: { GS_TELEMETRY_CLICKHOUSE_PASSWORD: "wrong" } });
    assert.equal(wrong.status, 1);
    const right = await world.run(["report", reader], {
      env: { GS_TELEMETRY_CLICKHOUSE_PASSWORD: "secret" },
    });
    assert.equal(right.status, 0, right.stderr);
  }));
