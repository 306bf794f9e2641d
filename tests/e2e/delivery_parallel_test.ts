import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type FaultServer, withServer } from "../helpers/fault_server.ts";
import { gathering, program, quote, until, type World } from "../helpers/harness.ts";
import { plantSignals } from "../helpers/plant.ts";
import { environment, tell } from "../helpers/delivery.ts";
import { stress } from "../helpers/way.ts";

const longBackoff = JSON.stringify({ firstBackoff: 600_000, longestBackoff: 600_000, patience: 0 });
const inARow = stress(1_000, 200);
const eachInARow = stress(10, 3);
const atATime = 20;
const atOnce = eachInARow * atATime;

function shell(world: World, script: string, server: FaultServer) {
  const env = { ...environment(server), GS_TELEMETRY_LIMITS: gathering };
  return world.execute(["sh", "-c", `gs() { ${quote(program)} "$@"; }\n${script}`], { env });
}

test(`${inARow} runs in a row arrive once each in at most 40 requests`, () =>
  withServer(async (world, server) => {
    const script = `i=0; while [ $i -lt ${inARow} ]; do gs run -- true || exit; i=$((i+1)); done`;
    assert.deepEqual(await shell(world, script, server), { status: 0, signal: null, stdout: "", stderr: "" });
    await until(() => server.distinct === inARow, "all signals");
    await world.couriersEnded();
    tell(`${inARow} in a row`, inARow, server);
    assert.equal(server.twice, 0);
    assert.ok(server.requests.length <= 40, `${server.requests.length} requests`);
  }));

test(`${atOnce} runs at ${atATime} at a time arrive once each in at most 40 requests`, () =>
  withServer(async (world, server) => {
    const some = `i=0; while [ $i -lt ${eachInARow} ]; do gs run -- true; i=$((i+1)); done`;
    const script = `j=0; while [ $j -lt ${atATime} ]; do (${some}) & j=$((j+1)); done; wait`;
    assert.deepEqual(await shell(world, script, server), { status: 0, signal: null, stdout: "", stderr: "" });
    await until(() => server.distinct === atOnce, "all signals");
    await world.couriersEnded();
    tell(`${atOnce} at ${atATime} at a time`, atOnce, server);
    assert.equal(server.twice, 0);
    assert.ok(server.requests.length <= 40, `${server.requests.length} requests`);
  }));

test("couriers started at the same time send each signal once", () =>
  withServer(async (world, server) => {
    plantSignals(world, 300, server.endpoint);
    const env = { GS_TELEMETRY_COURIER: "1" };
    await Promise.all(Array.from({ length: 8 }, () => world.run(["courier"], { env })));
    tell("8 couriers at once", 300, server);
    assert.equal(server.distinct, 300);
    assert.equal(server.twice, 0);
    assert.equal(server.requests.length, 3);
  }));

test("the lock file of a dead process holds nothing up", () =>
  withServer(async (world, server) => {
    plantSignals(world, 3, server.endpoint);
    // The process id in it, which nobody reads, is that of a living process.
    writeFileSync(join(world.state, "courier.lock"), `${process.pid}\n`);
    await world.run(["run", "--", "true"], { env: environment(server) });
    await until(() => server.distinct === 4, "4 signals");
    await world.couriersEnded();
    tell("lock of a dead process", 4, server);
    assert.equal(server.twice, 0);
  }));

test("no courier is started and no request made when the server is to be left alone", () =>
  withServer(async (world, server) => {
    server.script = () => ({ status: 503 });
    // Longer than any machine takes for the runs.
    const env = { ...environment(server), GS_TELEMETRY_LIMITS: longBackoff };
    await world.run(["run", "--", "true"], { env });
    await world.couriersEnded();
    const { connections } = server;
    assert.equal(connections, 1);
    for (let index = 0; index < 10; index++) await world.run(["run", "--", "true"], { env });
    await world.couriersEnded();
    assert.equal(server.connections, connections);
    assert.equal(world.queued().length, 11);
    const state = JSON.parse(readFileSync(join(world.state, "delivery.json"), "utf8"));
    const [{ failures, delay }] = Object.values(state.backoffs) as { failures: number; delay: number }[];
    assert.equal(failures, 1);
    assert.ok(delay >= 480_000 && delay <= 720_000);
  }));

test("a server that fails holds up no signal for another", () =>
  withServer(async (world, server) => {
    plantSignals(world, 250, "http://127.0.0.1:9/v2/");
    await world.run(["run", "--", "true"], { env: environment(server) });
    await until(() => server.distinct === 1, "the signal for the other server");
    await world.couriersEnded();
    assert.equal(world.queued().length, 250);
  }));

test("a courier at work sends nothing more when the user opts out", () =>
  withServer(async (world, server) => {
    plantSignals(world, 500, server.endpoint);
    let release = () => {};
    const held = new Promise<void>((resolve) => release = resolve);
    server.hold = held;
    const courier = world.run(["courier"], { env: { GS_TELEMETRY_COURIER: "1" } });
    await until(() => server.requests.length === 1, "the first request");
    const env = { ...environment(server), GS_TELEMETRY_OPTOUT: "1" };
    const result = await world.run(["run", "--", "echo", "out"], { env });
    assert.deepEqual(result, { status: 0, signal: null, stdout: "out\n", stderr: "" });
    assert.equal(existsSync(world.queue), false);
    release();
    await courier;
    assert.equal(server.requests.length, 1, "only the request that was under way");
    assert.equal(existsSync(world.queue), false);
  }));

test("opting out empties a long queue while a courier deletes what it has sent", () =>
  withServer(async (world, server) => {
    plantSignals(world, 3_000, server.endpoint);
    const courier = world.run(["courier"], { env: { GS_TELEMETRY_COURIER: "1" } });
    await until(() => server.requests.length > 0, "the first request");
    await world.run(["run", "--", "true"], { env: { ...environment(server), DO_NOT_TRACK: "1" } });
    const sent = server.requests.length;
    assert.equal(existsSync(world.queue), false);
    await courier;
    assert.ok(server.requests.length <= sent + 1, "no more than the request that was under way");
  }));

test("opting out deletes the queue without reading it and starts nothing", () =>
  withServer(async (world, server) => {
    plantSignals(world, 50, server.endpoint);
    const [name] = readdirSync(world.queue);
    writeFileSync(join(world.queue, name), "\0");
    const env = { ...environment(server), DO_NOT_TRACK: "1" };
    const result = await world.run(["run", "--", "echo", "out"], { env });
    assert.deepEqual(result, { status: 0, signal: null, stdout: "out\n", stderr: "" });
    assert.deepEqual(readdirSync(world.state), []);
    assert.deepEqual(world.couriers(), []);
    assert.equal(server.connections, 0);
  }));
