import assert from "node:assert/strict";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { withServer } from "../helpers/fault_server.ts";
import { appID, inWorld, nowhere, until, type World } from "../helpers/harness.ts";
import { plantSignals } from "../helpers/plant.ts";

function settingsFile(world: World): string {
  return join(world.home, ".config/gs-telemetry/settings.json");
}

function writeSettings(world: World, text: string): void {
  mkdirSync(join(settingsFile(world), ".."), { recursive: true });
  writeFileSync(settingsFile(world), text);
}

const ownTelemetry =
  "kubectl gs has telemetry of its own, which is on: KUBECTL_GS_TELEMETRY_OPTOUT=1 switches off both.\n";

test("disable names the variable of a tool that has telemetry of its own, if the tool is installed", () =>
  inWorld(async (world) => {
    const said = async (env: Record<string, string>) => (await world.run(["disable"], { env })).stdout;
    assert.equal(await said({}), `Telemetry is switched off.\n${ownTelemetry}`);
    const already = "Telemetry was off already.\n";
    assert.equal(await said({}), already + ownTelemetry);
    assert.equal(await said({ PATH: "/nowhere" }), already);
    assert.equal(await said({ KUBECTL_GS_TELEMETRY_OPTOUT: "1" }), already);
  }));

test("disable keeps the choice in a private file and deletes what waits, and says so", () =>
  inWorld(async (world) => {
    rmSync(join(world.bin, "kubectl-gs"));
    plantSignals(world, 3, nowhere);
    const first = await world.run(["disable"]);
    const line = "Telemetry is switched off; 3 signals that waited are deleted.\n";
    assert.deepEqual(first, { status: 0, signal: null, stdout: line, stderr: "" });
    assert.equal(readFileSync(settingsFile(world), "utf8"), '{"telemetry":"off"}\n');
    assert.equal(statSync(settingsFile(world)).mode & 0o777, 0o600);
    assert.equal(statSync(join(settingsFile(world), "..")).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(join(settingsFile(world), "..")), ["settings.json"]);
    assert.equal(existsSync(world.queue), false);
    assert.equal((await world.run(["disable"])).stdout, "Telemetry was off already.\n");
  }));

test("a run sends nothing and deletes what waits after disable, and sends again after enable", () =>
  inWorld(async (world) => {
    await world.run(["disable"]);
    plantSignals(world, 1, nowhere);
    const env = { GS_TELEMETRY_APP_ID: appID, GS_TELEMETRY_DEBUG: "1" };
    const off = await world.runToSink(["run", "--", "echo", "done"], { env });
    assert.match(off.stderr, /opted out by \S+\/settings\.json\n/);
    assert.equal(off.stdout, "done\n");
    assert.equal(existsSync(world.queue), false);
    plantSignals(world, 1, nowhere);
    assert.equal(
      (await world.run(["enable"])).stdout,
      "Telemetry is switched on; a signal that waited is deleted.\n",
    );
    assert.deepEqual(world.queued(), [], "enable brings back nothing from before");
    assert.equal((await world.run(["enable"])).stdout, "Telemetry was on already.\n");
    await world.runToSink(["run", "--app-id", appID, "--", "true"]);
    const [signal] = await (await world.sink()).waitFor(1);
    assert.equal(signal.payload.command, "true");
  }));

test("enable keeps what waits when telemetry was on", () =>
  inWorld(async (world) => {
    plantSignals(world, 1, nowhere);
    assert.equal((await world.run(["enable"])).stdout, "Telemetry is switched on.\n");
    assert.equal(world.queued().length, 1);
  }));

test("enable names the variables that still opt out", () =>
  inWorld(async (world) => {
    const profiles = join(world.home, ".config/gs-telemetry/profiles");
    mkdirSync(profiles, { recursive: true });
    const acme = { name: "acme", displayName: "acme", match: [["acme"]], optOutVariable: "ACME_OPTOUT" };
    writeFileSync(join(profiles, "acme.json"), JSON.stringify({ ...acme, root: { name: "acme" } }));
    const both = await world.run(["enable"], { env: { DO_NOT_TRACK: "1", GS_TELEMETRY_OPTOUT: "0" } });
    assert.equal(
      both.stdout,
      "Telemetry is switched on, but GS_TELEMETRY_OPTOUT and DO_NOT_TRACK still switch it off.\n",
    );
    const own = await world.run(["enable"], { env: { ACME_OPTOUT: "x" } });
    assert.equal(own.stdout, "Telemetry was on already, but ACME_OPTOUT still switches it off for acme.\n");
  }));

test("enable replaces a settings file that is not understood, behind a symbolic link too", () =>
  inWorld(async (world) => {
    writeSettings(world, "");
    rmSync(settingsFile(world));
    writeFileSync(join(world.home, "dotfile"), "what?");
    symlinkSync("../../dotfile", settingsFile(world));
    assert.equal((await world.run(["enable"])).stdout, "Telemetry is switched on.\n");
    assert.ok(lstatSync(settingsFile(world)).isSymbolicLink());
    assert.equal(readFileSync(join(world.home, "dotfile"), "utf8"), '{"telemetry":"on"}\n');
  }));

test("disable and enable say in one line why they fail, with exit status 1", () =>
  inWorld(async (world) => {
    mkdirSync(settingsFile(world), { recursive: true });
    const folder = await world.run(["disable"]);
    assert.match(
      folder.stderr,
      /^gs-telemetry: cannot write \S+\/settings\.json: .*GS_TELEMETRY_OPTOUT=1\n$/,
    );
    assert.deepEqual([folder.status, folder.stdout], [1, ""]);
    assert.deepEqual(readdirSync(join(settingsFile(world), "..")), ["settings.json"]);
    const readOnly = await world.run(["enable"], { env: { XDG_CONFIG_HOME: "/proc/none" } });
    assert.match(
      readOnly.stderr,
      /^gs-telemetry: cannot write \/proc\/none\/gs-telemetry\/settings\.json: .+\n$/,
    );
    assert.equal(readOnly.status, 1);
    const homeless = await world.run(["disable"], { env: { HOME: undefined } });
    assert.match(homeless.stderr, /^gs-telemetry: there is no home to keep the choice in; .+\n$/);
    assert.equal(homeless.status, 1);
  }));

const refusals: Record<string, [refuse: (world: World) => unknown, left: number]> = {
  "after disable": [(world) => world.run(["disable"]), 0],
  "when the settings file changes by itself": [(world) => writeSettings(world, '{"telemetry":"off"}'), 151],
};

for (const [when, [refuse, left]] of Object.entries(refusals)) {
  test(`a courier at work stops before its next request ${when}`, () =>
    withServer(async (world, server) => {
      plantSignals(world, 250, server.endpoint);
      let release = () => {};
      server.hold = new Promise((resolve) => release = resolve);
      await world.run(["run", "--app-id", appID, "--endpoint", server.endpoint, "--", "true"]);
      await until(() => server.requests.length === 1, "the first request");
      await refuse(world);
      release();
      await world.couriersEnded();
      assert.equal(server.requests.length, 1);
      assert.equal(world.queued().length, left);
    }));
}
