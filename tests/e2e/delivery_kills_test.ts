import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { ok, withServer } from "../helpers/fault_server.ts";
import { program, until } from "../helpers/harness.ts";
import { environment, tell } from "../helpers/delivery.ts";
import { stress } from "../helpers/way.ts";

const kills = stress(100, 30);
const noBackoff = JSON.stringify({ firstBackoff: 0, longestBackoff: 0, patience: 0 });

/** A courier that is killed is at work for longer than it takes to send: at its start, at rest, or sending. */
const restless = JSON.stringify({ firstPause: 100, patience: 0 });
const longestLife = 160;

/** The same numbers in every run: mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6D2B79F5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test(`no signal is lost when the courier is killed ${kills} times`, () =>
  withServer(async (world, server) => {
    const random = seededRandom(4);
    const env = { ...environment(server), GS_TELEMETRY_LIMITS: restless };
    let killed = 0;
    let made = 0;
    while (killed < kills) {
      await world.run(["run", "--", "true"], { env });
      made++;
      await new Promise((resolve) => setTimeout(resolve, longestLife * random()));
      for (const pid of world.couriers()) {
        process.kill(pid, "SIGKILL");
        killed++;
      }
      await until(() => world.couriers().length === 0, "the killed courier to be gone");
    }
    await world.run(["run", "--", "true"], { env });
    await until(() => server.distinct === made + 1, "all signals");
    await world.couriersEnded();
    tell(`courier killed ${killed} times`, made + 1, server);
    assert.deepEqual(world.queued(), []);
  }));

test(`nothing is lost and nothing half written sent when the wrapper is killed ${kills} times`, () =>
  withServer(async (world, server) => {
    const random = seededRandom(5);
    const env = { ...environment(server), GS_TELEMETRY_LIMITS: noBackoff };
    // Nothing leaves the queue before all is counted, and couriers are started all the same.
    server.script = () => ({ status: 503 });
    await world.run(["run", "--", "true"], { env });
    const start = performance.now();
    await world.run(["run", "--", "true"], { env });
    const usual = performance.now() - start;
    const [command, ...args] = [...program, "run", "--", "sleep", "60"];
    for (let round = 0; round < kills; round++) {
      const child = spawn(command, args, { env: world.environment(env), cwd: world.home, stdio: "ignore" });
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await new Promise((resolve) => setTimeout(resolve, 1.5 * usual * random()));
      child.kill("SIGKILL");
      await ended;
    }
    await world.couriersEnded();
    const whole = () => world.queued().filter((name) => !name.startsWith("."));
    const made = whole().length + 1;
    server.script = () => ok;
    await world.run(["run", "--", "true"], { env });
    await until(() => whole().length === 0, "delivery");
    await world.couriersEnded();
    tell(`wrapper killed ${kills} times`, made, server);
    assert.ok(made > kills / 10, "most were killed before they could record anything");
    assert.deepEqual([server.distinct, server.twice], [made, 0]);
    for (const { payload } of server.taken) assert.match(payload.command, /^(sleep|true)$/);
  }));
