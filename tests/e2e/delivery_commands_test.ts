import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ok, withServer } from "../helpers/fault_server.ts";
import { until } from "../helpers/harness.ts";
import { plantSignals } from "../helpers/plant.ts";
import { environment } from "../helpers/delivery.ts";

const lasting = JSON.stringify({ patience: 60_000 });
/** A request without an answer lasts longer than its test may take. */
const endless = JSON.stringify({ patience: 0, timeout: 3_600_000, hangTimeout: 3_600_000 });

test("flush sends all that waits and says so, in plain lines without a terminal", () =>
  withServer(async (world, server) => {
    plantSignals(world, 250, server.endpoint);
    const result = await world.run(["flush"]);
    assert.equal(result.status, 0);
    assert.equal(result.stdout, "All signals are sent.\n");
    assert.match(result.stderr, /^(\d+\/250 signals\n)+$/);
    assert.match(result.stderr, /250\/250 signals\n$/);
    assert.equal(server.distinct, 250);
    assert.equal(server.requests.length, 3);
    assert.equal((await world.run(["flush"])).stdout, "Nothing waits.\n");
  }));

test("flush sends within a back-off and tells what is left when the server fails", () =>
  withServer(async (world, server) => {
    plantSignals(world, 150, server.endpoint);
    server.script = () => ({ status: 503 });
    for (let index = 1; index <= 2; index++) {
      const result = await world.run(["flush"]);
      assert.equal(result.status, 1);
      assert.equal(result.stdout, "150 signals wait: status 503\n");
      assert.equal(server.connections, index, "one request, in spite of the back-off");
    }
    server.script = () => ok;
    assert.equal((await world.run(["flush"])).status, 0);
    assert.equal(server.distinct, 150);
    assert.equal(server.twice, 0);
  }));

test("flush gives up when its time is over, which says nothing of the server", () =>
  withServer(async (world, server) => {
    plantSignals(world, 1, server.endpoint);
    server.script = () => "nothing";
    const env = { GS_TELEMETRY_LIMITS: endless };
    const result = await world.run(["flush", "--timeout", "0.5"], { env });
    assert.deepEqual([result.status, result.stdout], [1, "1 signal waits: time is up\n"]);
    assert.equal(JSON.parse((await world.run(["status", "--json"])).stdout).nextTry, null);
    assert.equal(world.queued().length, 1);
  }));

test("flush takes over from a courier that waits for a server's back-off", () =>
  withServer(async (world, server) => {
    server.script = () => ({ status: 503 });
    await world.run(["run", "--", "true"], {
      env: { ...environment(server), GS_TELEMETRY_LIMITS: lasting },
    });
    await until(() => existsSync(join(world.state, "delivery.json")), "the first failure to be kept");
    assert.equal(world.couriers().length, 1);
    server.script = () => ok;
    const result = await world.run(["flush", "--timeout", "60"]);
    assert.deepEqual([result.status, result.stdout], [0, "All signals are sent.\n"]);
    assert.equal(server.distinct, 1);
    assert.equal(server.twice, 0);
  }));

test("flush leaves no signal behind that was recorded while it tried a server that fails", () =>
  withServer((world, failing) =>
    withServer(async (_, server) => {
      plantSignals(world, 1, failing.endpoint);
      let release = () => {};
      failing.hold = new Promise<void>((resolve) => release = resolve);
      failing.script = () => ({ status: 503 });
      const flushing = world.run(["flush"]);
      await until(() => failing.requests.length === 1, "the first request");
      await world.run(["run", "--", "true"], { env: environment(server) });
      release();
      const { status, stdout } = await flushing;
      assert.deepEqual([status, stdout], [1, "1 signal waits: status 503\n"]);
      assert.deepEqual([server.distinct, failing.connections], [1, 1]);
    })
  ));

test("flush sends nothing and empties the queue when telemetry is off", () =>
  withServer(async (world, server) => {
    plantSignals(world, 5, server.endpoint);
    const result = await world.run(["flush"], { env: { DO_NOT_TRACK: "1" } });
    assert.equal(result.stdout, "Telemetry is off (DO_NOT_TRACK): nothing is sent, and nothing waits.\n");
    assert.equal(result.status, 0);
    assert.equal(existsSync(world.queue), false);
    assert.equal(server.connections, 0);
  }));

test("status tells what waits, what failed and when it is tried again", () =>
  withServer(async (world, server) => {
    const env = environment(server);
    plantSignals(world, 3, server.endpoint, Date.UTC(2030, 0, 1));
    plantSignals(world, 2, server.endpoint);
    server.script = (index) => ({ status: index === 0 ? 503 : 400 });
    await world.run(["flush"]);
    const failed = JSON.parse((await world.run(["status", "--json"], { env })).stdout);
    assert.equal(failed.queue.length, 5);
    assert.equal(failed.lastError.reason, "status 503");
    assert.ok(Date.parse(failed.nextTry) > Date.parse(failed.lastError.at));
    await world.run(["flush"]);
    const { stdout } = await world.run(["status"], { env });
    assert.match(stdout, /^Telemetry +on/m);
    assert.match(stdout, /^Waiting +nothing$/m);
    assert.match(stdout, /^Set aside +5 signals/m);
    assert.match(stdout, /^Last error +(a moment ago|\d+ \w+ ago): status 400/m);
  }));
