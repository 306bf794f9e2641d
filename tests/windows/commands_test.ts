import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { windowsPath } from "../helpers/wine.ts";
import { appID } from "../helpers/harness.ts";
import { inWindows, windows } from "../helpers/windows_world.ts";

test(
  "disable keeps the choice and empties the queue, enable takes it back",
  windows,
  () =>
    inWindows(async (world) => {
      await world.gs("run -- show");
      await world.couriersEnded();
      assert.equal(world.queued().length, 1);
      const off = await world.gs("disable");
      assert.equal(off.status, 0, off.stderr);
      assert.match(off.stdout, /a signal that waited is deleted/);
      assert.ok(!existsSync(join(world.state, "queue")));
      const settings = join(world.roaming, "gs-telemetry/settings.json");
      assert.deepEqual(JSON.parse(readFileSync(settings, "utf8")), { telemetry: "off" });
      await world.gs("run -- show");
      assert.deepEqual(world.queued(), []);
      assert.equal((await world.gs("enable")).status, 0);
      await world.gs("run -- show");
      assert.equal(world.queued().length, 1);
      assert.deepEqual(readdirSync(join(world.roaming, "gs-telemetry")), ["settings.json"]);
    }),
);

test("status shows paths as Windows writes them", windows, () =>
  inWindows(async (world) => {
    await world.gs("disable");
    const { stdout } = await world.gs("status");
    const settings = `${windowsPath(world.roaming)}\\gs-telemetry\\settings.json`;
    assert.ok(stdout.replace(/\s+/g, "").includes(`by${settings.replace(/\s+/g, "")}`), stdout);
    const status = JSON.parse((await world.gs("status --json")).stdout);
    assert.equal(status.consent.decidedBy, settings);
    assert.equal(status.settingsFile, settings);
    assert.equal(status.stateDirectory, `${windowsPath(world.local)}\\gs-telemetry`);
  }));

test("messages show paths as Windows writes them", windows, () =>
  inWindows(async (world) => {
    const profiles = join(world.roaming, "gs-telemetry/profiles");
    mkdirSync(profiles, { recursive: true });
    writeFileSync(join(profiles, "broken.json"), "{");
    const outputs = [
      (await world.gs("status")).stdout,
      (await world.gs("run -- show", { env: { GS_TELEMETRY_DEBUG: "1" } })).stderr,
      (await world.gs("--help")).stdout,
      (await world.gs("run --help")).stdout,
    ];
    for (const output of outputs) {
      const mixed = /[A-Z]:\\[^\n]*\/[^\n]*/.exec(output)?.[0];
      assert.equal(mixed, undefined, mixed);
    }
    assert.match(outputs[0].replace(/\s+/g, " "), /gs-telemetry\\profiles\\broken\.json/);
  }));

test("flush delivers what waits", windows, () =>
  inWindows(async (world) => {
    await world.gs("run -- show");
    await world.couriersEnded();
    assert.equal(world.queued().length, 1);
    const flushed = await world.gs("flush --timeout 5");
    assert.equal(flushed.status, 1);
    const sink = await world.sink();
    await world.gs("run -- show");
    await sink.waitFor(1);
    assert.equal((await world.gs("flush --timeout 1")).status, 1);
    assert.equal(sink.arrived().length, 1);
  }));

test(
  "explain shows the signal that a run would send, and writes nothing",
  windows,
  () =>
    inWindows(async (world) => {
      const { status, stdout } = await world.gs('explain -- "show" login', {
        env: { GS_TELEMETRY_TEST_MODE: "1" },
      });
      assert.equal(status, 0);
      const [signal] = JSON.parse(stdout);
      assert.deepEqual([signal.payload.command, signal.isTestMode], ["show", true]);
      assert.deepEqual(readdirSync(world.local), []);
    }),
);

test("a profile of the user's names the command", windows, () =>
  inWindows(async (world) => {
    const sink = await world.sink();
    const profiles = join(world.roaming, "gs-telemetry/profiles");
    mkdirSync(profiles, { recursive: true });
    const root = { name: "acme", commands: [{ name: "login" }] };
    const profile = { name: "acme", displayName: "acme", appID, match: [["acme"]], root };
    writeFileSync(join(profiles, "acme.json"), JSON.stringify(profile));
    world.install("acme.exe");
    for (const word of ["acme", "acme.exe", "ACME.EXE"]) await world.gs(`run -- ${word} login secret`);
    const commands = (await sink.waitFor(3)).map(({ payload }) => payload.command);
    assert.deepEqual(new Set(commands), new Set(["acme login"]));
  }));

test("a sink on Windows takes signals and keeps them", windows, () =>
  inWindows(async (world) => {
    const sink = world.startInBackground(`"${world.program}" sink --listen 127.0.0.1:0 --store got.jsonl`);
    const [, address] = await sink.shows(/Listening on (\S+)/);
    await world.gs("run --wait=20 -- show", { env: { GS_TELEMETRY_ENDPOINT: address } });
    const [line] = readFileSync(join(world.work, "got.jsonl"), "utf8").split("\n");
    assert.equal(JSON.parse(line).payload.command, "show");
    await sink.stop();
  }));
