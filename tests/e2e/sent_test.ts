import assert from "node:assert/strict";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { appID } from "../helpers/constants.ts";
import { withServer } from "../helpers/fault_server.ts";
import { inWorld, until, type World } from "../helpers/harness.ts";
import { plantSignals } from "../helpers/plant.ts";

const sentFile = (world: World) => join(world.state, "sent.json");

async function readSent(world: World) {
  return JSON.parse((await world.run(["status", "--sent", "--json"])).stdout);
}

test("status --sent shows nothing before the first delivery, and writes nothing", () =>
  inWorld(async (world) => {
    assert.equal((await world.run(["status", "--sent"])).stdout, "Nothing was sent yet.\n");
    assert.deepEqual(await readSent(world), []);
    assert.equal(existsSync(world.state), false);
  }));

test("status --sent shows the last twenty signals as they left, the newest last, in a private file", () =>
  withServer(async (world, server) => {
    plantSignals(world, 30, server.endpoint);
    await world.run(["run", "--app-id", appID, "--endpoint", server.endpoint, "--wait=20", "--", "true"]);
    await world.couriersEnded();
    assert.equal(server.taken.length, 31);
    const sent = await readSent(world);
    assert.deepEqual(sent.map(({ signal }: { signal: unknown }) => signal), server.taken.slice(-20));
    assert.equal(sent.at(-1).to, new URL("/v2/", server.endpoint).href);
    assert.equal(sent.at(-1).outcome, "taken");
    assert.equal(statSync(sentFile(world)).mode & 0o777, 0o600);
    const { stdout } = await world.run(["status", "--sent"]);
    assert.match(stdout, /^(\d+ seconds? ago|a moment ago), taken by http:\/\/127\.0\.0\.1:\d+\/v2\/$/m);
    assert.ok(stdout.endsWith(`  ${JSON.stringify(server.taken.at(-1))}\n`));
  }));

test("status --sent shows what a server has refused for good, too", () =>
  withServer(async (world, server) => {
    server.script = () => ({ status: 400 });
    await world.run(["run", "--app-id", appID, "--endpoint", server.endpoint, "--", "true"]);
    await world.couriersEnded();
    assert.deepEqual((await readSent(world)).map(({ outcome }: { outcome: string }) => outcome), ["refused"]);
  }));

test("disable, and a variable at the next run, delete what was sent", () =>
  withServer(async (world, server) => {
    const run = ["run", "--app-id", appID, "--endpoint", server.endpoint, "--wait=20", "--", "true"];
    const optOuts = [
      () => world.run(run, { env: { DO_NOT_TRACK: "1" } }),
      () => world.run(["disable"]),
    ];
    for (const optOut of optOuts) {
      await world.run(run);
      await world.couriersEnded();
      assert.ok(existsSync(sentFile(world)));
      await optOut();
      assert.equal(existsSync(sentFile(world)), false);
    }
  }));

const optOuts: [what: string, optOut: (world: World) => Promise<unknown>][] = [
  ["disable", (world) => world.run(["disable"])],
  ["a run with a variable", (world) => world.run(["run", "--", "true"], { env: { DO_NOT_TRACK: "1" } })],
];

for (const [what, optOut] of optOuts) {
  test(`a request that is answered after ${what} leaves nothing of what was sent`, () =>
    withServer(async (world, server) => {
      let release = () => {};
      server.hold = new Promise((resolve) => release = resolve);
      await world.run(["run", "--app-id", appID, "--endpoint", server.endpoint, "--", "true"]);
      await until(() => server.requests.length === 1, "the request");
      await optOut(world);
      release();
      await world.couriersEnded();
      assert.equal(existsSync(sentFile(world)), false);
    }));
}

test("a damaged file of what was sent is as good as none", () =>
  withServer(async (world, server) => {
    for (const text of ["", "{", "null", "[1, null, {}]", "{}"]) {
      mkdirSync(world.state, { recursive: true });
      writeFileSync(sentFile(world), text);
      assert.deepEqual(await readSent(world), [], text);
    }
    await world.run(["run", "--app-id", appID, "--endpoint", server.endpoint, "--wait=20", "--", "true"]);
    await world.couriersEnded();
    assert.equal((await readSent(world)).length, 1);
  }));
