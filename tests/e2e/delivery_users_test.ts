import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { ok, withServer } from "../helpers/fault_server.ts";
import { program, until } from "../helpers/harness.ts";
import { plantSignals } from "../helpers/plant.ts";
import { command, done, environment, tell } from "../helpers/delivery.ts";

const isRoot = process.getuid?.() === 0;
const user = 12_345;
const asUser = ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups", ...program];
const skipTwoUsers = reasonAgainstTwoUsers() ?? false;

function reasonAgainstTwoUsers(): string | undefined {
  if (!isRoot || !existsSync("/usr/bin/setpriv")) return "needs root and setpriv to be two users";
  // Those of a runtime lie in root's home, or wherever the machine keeps them.
  return program.length > 1 ? "needs a program without caches, which belong to root" : undefined;
}

test(
  "a user's signals arrive when root left files in the same home",
  { skip: skipTwoUsers },
  () =>
    withServer(async (world, server) => {
      chmodSync(world.home, 0o755);
      plantSignals(world, 1, server.endpoint);
      execFileSync("chown", ["-R", `${user}:${user}`, world.home]);
      server.script = () => ({ status: 503 });
      assert.deepEqual(await world.run(["run", "--", ...command], { env: environment(server) }), done);
      await until(() => server.connections > 0, "root's courier");
      await world.couriersEnded();
      server.script = () => ok;
      rmSync(join(world.state, "delivery.json"));
      const result = await world.execute([...asUser, "run", "--", ...command], { env: environment(server) });
      assert.deepEqual(result, done);
      await until(() => server.distinct === 2, "the user's signals");
      await world.couriersEnded();
      assert.equal(world.queued().length, 1, "root's own waits for root");
      await world.run(["run", "--", ...command], { env: environment(server) });
      await until(() => server.distinct === 4, "root's signals");
      await world.couriersEnded();
      tell("two users of one home", 4, server);
      assert.equal(server.twice, 0);
    }),
);

test("a user's signals arrive when root was first in the same home, and so do root's", {
  skip: skipTwoUsers,
}, () =>
  withServer(async (world, server) => {
    chmodSync(world.home, 0o755);
    execFileSync("chown", ["-R", `${user}:${user}`, world.home]);
    server.script = () => ({ status: 503 });
    assert.deepEqual(await world.run(["run", "--", ...command], { env: environment(server) }), done);
    await until(() => existsSync(join(world.state, "delivery.json")), "root's courier to fail");
    await world.couriersEnded();
    for (const folder of [join(world.home, ".local"), join(world.state, ".."), world.state, world.queue]) {
      const { uid, gid, mode } = statSync(folder);
      assert.deepEqual([uid, gid, mode & 0o777], [user, user, 0o700], folder);
    }
    server.script = () => ok;
    rmSync(join(world.state, "delivery.json"));
    for (const [who, arrived] of [[asUser, 1], [program, 3]] as const) {
      const result = await world.execute([...who, "run", "--", ...command], { env: environment(server) });
      assert.deepEqual(result, done);
      await until(() => server.distinct === arrived, `${arrived} signals`);
      await world.couriersEnded();
    }
    tell("root first in a user's home", 3, server);
    assert.deepEqual([server.distinct, server.twice, world.queued()], [3, 0, []]);
  }));

test("a user's signals arrive once when root's courier is at work in the same home", {
  skip: skipTwoUsers,
}, () =>
  withServer(async (world, server) => {
    chmodSync(world.home, 0o755);
    plantSignals(world, 1, server.endpoint);
    execFileSync("chown", ["-R", `${user}:${user}`, world.home]);
    let release = () => {};
    server.hold = new Promise<void>((resolve) => release = resolve);
    assert.deepEqual(await world.run(["run", "--", ...command], { env: environment(server) }), done);
    await until(() => server.requests.length === 1, "root's courier");
    const result = await world.execute([...asUser, "run", "--", ...command], { env: environment(server) });
    assert.deepEqual(result, done);
    assert.equal(world.couriers().length, 1);
    release();
    await world.couriersEnded();
    tell("root's courier at work", 3, server);
    assert.deepEqual([server.distinct, server.twice, world.queued()], [3, 0, []]);
  }));
