import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { FaultServer } from "../helpers/fault_server.ts";
import { gathering } from "../helpers/harness.ts";
import { inWindows, windows } from "../helpers/windows_world.ts";

test("a signal is delivered once, and its file is gone", windows, () =>
  inWindows(async (world) => {
    const sink = await world.sink();
    assert.equal((await world.gs("run -- show a b")).status, 0);
    await sink.waitFor(1);
    await world.couriersEnded();
    const [signal] = sink.arrived();
    assert.equal(sink.arrived().length, 1);
    assert.equal(signal.payload.command, "show");
    assert.equal(signal.payload["TelemetryDeck.Device.operatingSystem"], "windows");
    assert.deepEqual(world.queued(), []);
    assert.ok(!readdirSync(world.state).includes("undeletable.json"));
  }));

test(
  "20 runs at once are delivered, each once, by one courier at a time",
  windows,
  () =>
    inWindows(async (world) => {
      const sink = await world.sink();
      const env = { GS_TELEMETRY_LIMITS: gathering };
      const runs = Array.from({ length: 20 }, () => world.gs("run -- show", { env }));
      let most = 0;
      const watch = setInterval(() => most = Math.max(most, world.lockHolders()), 20);
      for (const { status } of await Promise.all(runs)) assert.equal(status, 0);
      await sink.waitFor(20);
      await world.couriersEnded();
      clearInterval(watch);
      const sessions = new Set(sink.arrived().map(({ sessionID }) => sessionID));
      assert.deepEqual([sink.arrived().length, sessions.size], [20, 20]);
      assert.ok(most <= 1, `${most} couriers had the lock`);
    }),
);

test(
  "the program ends before its courier, which holds none of its streams",
  windows,
  () =>
    inWindows(async (world) => {
      const server = await FaultServer.start(() => "nothing");
      try {
        const env = {
          GS_TELEMETRY_ENDPOINT: server.endpoint,
          GS_TELEMETRY_LIMITS: '{"patience":0,"firstPause":0,"timeout":8000}',
        };
        await world.gs("run -- show", { env });
        await world.running("gs-telemetry.exe");
        // On Windows a file that a process has open cannot be deleted; Wine holds to that, too.
        world.write("takes-back.cmd", "@del first.txt\n@if exist first.txt exit /b 1\n");
        world.write("writes.cmd", "@gs run -- show > first.txt\n@takes-back\n");
        world.placeProgram(join(world.bin, "gs.exe"));
        assert.equal((await world.start("cmd /d /c writes.cmd", { env })).status, 0);
      } finally {
        await server.stop();
      }
    }),
);

test("a courier outlives the console of the run", { skip: windows.skip }, () =>
  inWindows(async (world) => {
    const sink = await world.sink();
    const env = { GS_TELEMETRY_LIMITS: '{"patience":0,"firstPause":1500}' };
    await world.gs("run -- show", { env, inConsole: process.platform === "linux" });
    await sink.waitFor(1);
    assert.equal(sink.arrived().length, 1);
  }));

test(
  "a run is silent and the command runs when there is no LOCALAPPDATA",
  windows,
  () =>
    inWindows(async (world) => {
      for (const LOCALAPPDATA of [undefined, "", "relative\\folder"]) {
        const { status, stderr } = await world.gs("run -- show", { env: { LOCALAPPDATA, SHOW_STATUS: "5" } });
        assert.deepEqual({ status, stderr }, { status: 5, stderr: "" });
      }
      assert.deepEqual(readdirSync(world.local), []);
      assert.ok(!existsSync(join(world.work, "relative")));
    }),
);

test("a run is silent and the command runs when LOCALAPPDATA cannot be written", {
  skip: windows.skip ||
    (process.getuid?.() === 0 && !existsSync("/usr/bin/chattr") && "chattr is not installed"),
}, () =>
  inWindows(async (world) => {
    world.makeReadOnly(world.local);
    try {
      const { status, stderr } = await world.gs("run -- show", { env: { SHOW_STATUS: "5" } });
      assert.deepEqual({ status, stderr }, { status: 5, stderr: "" });
      assert.match((await world.gs("status")).stdout, /cannot be written, so nothing is sent/);
    } finally {
      world.makeWritable(world.local);
    }
  }));

test(
  "a lock that another process holds is seen, and one that a dead process left is not",
  windows,
  () =>
    inWindows(async (world) => {
      const sink = await world.sink();
      mkdirSync(world.state, { recursive: true });
      writeFileSync(join(world.state, "courier.lock"), "");
      await world.gs("run -- show");
      await sink.waitFor(1);
      assert.equal(readFileSync(join(world.state, "courier.lock"), "utf8"), "");
      rmSync(join(world.state, "courier.lock"), { force: true });
      chmodSync(world.state, 0o700);
    }),
);
