import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { withServer } from "../helpers/fault_server.ts";
import { until, type World } from "../helpers/harness.ts";
import { plantSignals } from "../helpers/plant.ts";
import { command, done, environment, tell } from "../helpers/delivery.ts";

const courier = { GS_TELEMETRY_COURIER: "1" };
const isRoot = process.getuid?.() === 0;

/** Does something on a small file system of its own. */
async function onSmallDisk(
  world: World,
  options: string,
  act: (disk: string) => Promise<void>,
): Promise<void> {
  const disk = join(world.home, "disk");
  mkdirSync(disk, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", disk], { stdio: "ignore" });
  try {
    await act(disk);
  } finally {
    execFileSync("umount", ["-l", disk]);
  }
}

test("the command is unharmed when the disk is full, and later signals arrive", {
  skip: isRoot ? false : "needs root to mount a small disk",
}, () =>
  withServer((world, server) =>
    onSmallDisk(world, "size=64k,mode=700", async (disk) => {
      const env = { ...environment(server), XDG_STATE_HOME: disk };
      const filler = join(disk, "filler");
      try {
        writeFileSync(filler, new Uint8Array(1_000_000));
      } catch {
        // It is full now.
      }
      for (let index = 0; index < 3; index++) {
        assert.deepEqual(await world.run(["run", "--", ...command], { env }), done);
      }
      await world.couriersEnded();
      assert.equal(server.connections, 0);
      rmSync(filler);
      assert.deepEqual(await world.run(["run", "--", ...command], { env }), done);
      await until(() => server.distinct === 1, "the signal");
      await world.couriersEnded();
      tell("full disk (3 of 4 runs)", 4, server);
      assert.deepEqual(readdirSync(join(disk, "gs-telemetry/queue")), []);
    })
  ));

test("the command is unharmed when the home is read-only", {
  skip: isRoot ? false : "needs root to mount a read-only disk",
}, () =>
  withServer((world, server) =>
    onSmallDisk(world, "size=64k,ro", async (disk) => {
      const env = { ...environment(server), HOME: disk };
      assert.deepEqual(await world.run(["run", "--", ...command], { env }), done);
      assert.equal(server.connections, 0);
    })
  ));

test("signals are not sent over and over when they cannot be deleted", {
  skip: isRoot ? false : "needs root to mount a read-only disk",
}, () =>
  withServer((world, server) =>
    onSmallDisk(world, "size=256k,mode=700", async (disk) => {
      plantSignals(world, 2, server.endpoint);
      execFileSync("cp", ["-r", world.state, disk]);
      writeFileSync(join(disk, "gs-telemetry/courier.lock"), "");
      execFileSync("mount", ["-o", "remount,ro", disk]);
      await world.run(["courier"], { env: { ...courier, XDG_STATE_HOME: disk } });
      assert.equal(server.connections, 0);
    })
  ));

test("flush ends and status says what holds when the queue's disk is read-only", {
  skip: isRoot ? false : "needs root to mount a read-only disk",
}, () =>
  withServer((world, server) =>
    onSmallDisk(world, "size=256k,mode=700", async (disk) => {
      plantSignals(world, 1, server.endpoint);
      execFileSync("cp", ["-r", world.state, disk]);
      execFileSync("mount", ["-o", "remount,ro", disk]);
      const env = { XDG_STATE_HOME: disk };
      const { status, stdout } = await world.run(["flush"], { env });
      assert.deepEqual([status, stdout], [1, "1 signal waits: its directory cannot be locked\n"]);
      const { isDelivering } = JSON.parse((await world.run(["status", "--json"], { env })).stdout);
      assert.equal(isDelivering, false);
      assert.equal(server.connections, 0);
    })
  ));
