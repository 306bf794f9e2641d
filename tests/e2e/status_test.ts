import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { inWorld, type World } from "../helpers/harness.ts";
import { plantSignals } from "../helpers/plant.ts";
import { inTerminal, noTerminal } from "../helpers/pseudo_terminal.ts";

const page = readFileSync(new URL("../../docs/delivery.md", import.meta.url), "utf8");
const endpoint = "http://127.0.0.1:9/v2/";
const salt = { GS_TELEMETRY_SALT: "a", GS_TELEMETRY_ENDPOINT: endpoint };

function addProfile(world: World, file: string, profile: Record<string, unknown>): string {
  const folder = join(world.home, ".config/gs-telemetry/profiles");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, file),
    JSON.stringify({ displayName: profile.name, root: { name: "x" }, ...profile }),
  );
  return join(folder, file);
}

test("status --json has the documented shape when nothing has happened, and writes nothing", () =>
  inWorld(async (world) => {
    const { stdout } = await world.run(["status", "--json"], { env: salt });
    const status = JSON.parse(stdout);
    const explained = await world.run(["explain", "--", "kubectl", "gs", "login"], { env: salt });
    const [{ clientUser }] = JSON.parse(explained.stdout);
    assert.deepEqual(status, {
      consent: { given: true, decidedBy: null, fault: null },
      problems: [],
      endpoint,
      clientUser,
      profiles: [{
        name: "kubectl-gs",
        source: "built in",
        origin: "built in",
        appID: "4539763B-A291-4835-B832-9BEB80CA7039",
        claims: ["kubectl gs", "kubectl-gs"],
        problem: null,
        replacedBy: null,
        advice: null,
        optedOutBy: null,
        clientUser,
      }],
      settingsFile: join(world.home, ".config/gs-telemetry/settings.json"),
      organisation: { settingsFile: "/etc/gs-telemetry/settings.json", telemetry: null, ignored: [] },
      stateDirectory: world.state,
      isWritable: true,
      queue: { length: 0, oldest: null },
      isDelivering: false,
      lastDelivery: null,
      lastError: null,
      nextTry: null,
      setAside: 0,
      dropped: 0,
    });
    assert.equal(existsSync(world.state), false);
    const homeless = await world.run(["status", "--json"], { env: { HOME: undefined } });
    assert.deepEqual(Object.keys(JSON.parse(homeless.stdout)), Object.keys(status));
    assert.equal(JSON.parse(homeless.stdout).stateDirectory, null);
    assert.equal(JSON.parse(homeless.stdout).isWritable, false);
    const keys = [status, status.consent, status.organisation, status.queue, status.profiles[0]].flatMap(
      Object.keys,
    );
    for (const key of keys) assert.ok(page.includes(`\`${key}\``), `docs/delivery.md documents ${key}`);
  }));

test("status --json tells faults and conflicts of profiles, and which of them is opted out", () =>
  inWorld(async (world) => {
    const own = { identity: "machine", optOutVariable: "OWN_OPTOUT" };
    addProfile(world, "a.json", { name: "own", match: [["own"]], ...own });
    addProfile(world, "b.json", { name: "one", match: [["tool"]] });
    addProfile(world, "c.json", { name: "two", match: [["tool"]] });
    const broken = addProfile(world, "d.json", { name: "broken", match: [["broken"]], appID: "none" });
    const { stdout } = await world.run(["status", "--json"], { env: { ...salt, OWN_OPTOUT: "1" } });
    const { clientUser, profiles } = JSON.parse(stdout);
    const [builtIn, first, one, two, last] = profiles;
    assert.equal(builtIn.clientUser, clientUser);
    assert.equal(first.optedOutBy, "OWN_OPTOUT");
    assert.notEqual(first.clientUser, clientUser);
    assert.match(one.problem, /^profiles one .* and two .* both claim 'tool'/);
    assert.equal(two.problem, one.problem);
    assert.equal(last.source, broken);
    assert.match(last.problem, /appID should be a UUID/);
  }));

test("status tells when signals cannot be kept", () =>
  inWorld(async (world) => {
    writeFileSync(join(world.home, ".local"), "");
    const { stdout } = await world.run(["status", "--json"]);
    assert.equal(JSON.parse(stdout).isWritable, false);
    const page = await world.run(["status"]);
    assert.match(
      page.stdout,
      /^Queue +none: ~\/\.local\/state\/gs-telemetry cannot be written, so nothing is sent$/m,
    );
  }));

test("status names what decides", () =>
  inWorld(async (world) => {
    const decided = async (env: Record<string, string>) =>
      JSON.parse((await world.run(["status", "--json"], { env })).stdout).consent;
    const file = join(world.home, ".config/gs-telemetry/settings.json");
    await world.run(["disable"]);
    assert.deepEqual(await decided({}), { given: false, decidedBy: file, fault: null });
    const byVariable = { given: false, decidedBy: "DO_NOT_TRACK", fault: null };
    assert.deepEqual(await decided({ DO_NOT_TRACK: "1" }), byVariable);
    await world.run(["enable"]);
    assert.deepEqual(await decided({}), { given: true, decidedBy: file, fault: null });
    writeFileSync(file, "");
    assert.deepEqual(await decided({}), { given: false, decidedBy: file, fault: "is not understood" });
  }));

test("status leaves lines whole and uncoloured when stdout is no terminal", () =>
  inWorld(async (world) => {
    plantSignals(world, 2, endpoint, Date.now() - 200_000);
    const { stdout } = await world.run(["status"], { env: salt });
    assert.match(stdout, /^Telemetry +on \(nobody has chosen otherwise\)$/m);
    assert.match(stdout, /^Waiting +2 signals, the oldest from \d minutes ago$/m);
    assert.match(stdout, /^User hash +[0-9a-f]{64}$/m);
    assert.ok(!stdout.includes("\x1b"));
  }));

for (const columns of [80, 40]) {
  test(`status fits a terminal of ${columns} columns, in colour unless that is unwanted`, {
    skip: noTerminal,
  }, () =>
    inWorld(async (world) => {
      const show = (env: Record<string, string>) =>
        inTerminal(world, "gs status", { columns, env: { ...salt, ...env } });
      const plain = await show({ NO_COLOR: "1" });
      for (const line of plain.split("\n")) assert.ok(line.length <= columns, line);
      assert.match(plain, /^Telemetry +on/);
      assert.ok(!plain.includes("\x1b"));
      assert.equal(await show({ TERM: "dumb" }), plain);
      const coloured = await show({ NO_COLOR: "" });
      assert.ok(coloured.startsWith("\x1b[1mTelemetry\x1b[22m  \x1b[32mon"));
      assert.equal(stripVTControlCharacters(coloured), plain);
    }));
}
