import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { appID, inWorld, until, type World } from "../helpers/harness.ts";

const acme = {
  name: "acme",
  displayName: "acme",
  match: [["acme"]],
  appID,
  signalType: "Acme.command",
  optOutVariable: "ACME_TELEMETRY_OPTOUT",
  versionCall: ["--version"],
  environment: { ACME_WRAPPED: "1" },
  root: {
    name: "acme",
    valueFlags: ["--context", "-c"],
    persistentFlags: true,
    commands: [{ name: "deploy", aliases: ["up"] }],
  },
};

/** Writes a file of the user's profiles. */
function keepProfile(world: World, file: string, profile: unknown, folder = ".config"): string {
  const profiles = join(world.home, folder, "gs-telemetry/profiles");
  mkdirSync(profiles, { recursive: true });
  writeFileSync(join(profiles, file), typeof profile === "string" ? profile : JSON.stringify(profile));
  return join(profiles, file);
}

function installTool(world: World, script = 'echo "acme $* $ACME_WRAPPED"'): string {
  const path = join(world.bin, "acme");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

async function explainedName(
  world: World,
  command: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const { stdout, stderr } = await world.run(["explain", "--", ...command], { env });
  assert.equal(stderr, "");
  return JSON.parse(stdout)[0].payload.command;
}

test("a profile in the user's folder claims its command by name, path and symbolic link", () =>
  inWorld(async (world) => {
    keepProfile(world, "acme.json", acme);
    const path = installTool(world);
    symlinkSync(path, join(world.home, "current"));
    symlinkSync("../current", join(world.bin, "a"));
    for (const executable of ["acme", path, "./bin/acme", "a", "./current"]) {
      assert.equal(
        await explainedName(world, [executable, "-c", "prod", "up", "web"]),
        "acme deploy",
        executable,
      );
    }
  }));

test("a profile is found in XDG_CONFIG_HOME, by its name and by its file", () =>
  inWorld(async (world) => {
    const file = keepProfile(world, "acme.json", acme, "elsewhere");
    const env = { XDG_CONFIG_HOME: join(world.home, "elsewhere") };
    assert.equal(await explainedName(world, ["acme", "up"], env), "acme deploy");
    assert.equal(
      await explainedName(world, ["other", "up"], { ...env, GS_TELEMETRY_PROFILE: "acme" }),
      "acme deploy",
    );
    assert.equal(await explainedName(world, ["other", "up"], { GS_TELEMETRY_PROFILE: file }), "acme deploy");
  }));

test("a profile in the user's folder may be a symbolic link", () =>
  inWorld(async (world) => {
    const file = keepProfile(world, "acme.json", acme, "dotfiles");
    mkdirSync(join(world.home, ".config/gs-telemetry/profiles"), { recursive: true });
    symlinkSync(file, join(world.home, ".config/gs-telemetry/profiles/acme.json"));
    assert.equal(await explainedName(world, ["acme", "up"]), "acme deploy");
  }));

test("a run by a profile of the user's folder is counted, before and after the profile was compiled", () =>
  inWorld(async (world) => {
    keepProfile(world, "acme.json", acme);
    installTool(world);
    const sink = await world.sink();
    for (const count of [1, 2]) {
      const result = await world.runToSink(["run", "--", "acme", "up", "web"]);
      assert.deepEqual(result, { status: 0, signal: null, stdout: "acme up web 1\n", stderr: "" });
      const signals = await sink.waitFor(count);
      assert.equal(signals[count - 1].payload.command, "acme deploy");
      assert.equal(signals[count - 1].type, "Acme.command");
      await world.couriersEnded();
      assert.ok(existsSync(join(world.state, "profiles.cache")));
    }
    keepProfile(world, "acme.json", { ...acme, displayName: "changed", appID });
    assert.equal(await explainedName(world, ["acme", "up"]), "changed deploy");
    await world.runToSink(["run", "--", "acme", "up"]);
    assert.equal((await sink.waitFor(3))[2].payload.command, "changed deploy");
  }));

test("a profile's own variable opts out, and then no file is written", () =>
  inWorld(async (world) => {
    keepProfile(world, "acme.json", acme);
    installTool(world);
    const result = await world.runToSink(["run", "--", "acme", "up"], {
      env: { ACME_TELEMETRY_OPTOUT: "1" },
    });
    assert.equal(result.stdout, "acme up \n");
    assert.ok(!existsSync(world.state));
  }));

const troubles: [file: string, profile: unknown, message: RegExp][] = [
  ["two.json", { ...acme, name: "two" }, /acme \(.*acme\.json\) and two \(.*two\.json\) both claim 'acme'/],
  ["acme.json", { ...acme, match: [["acme"]], root: {} }, /acme\.json: root\.name is missing/],
  ["acme.json", "{", /acme\.json: is not JSON/],
];

test("trouble with a profile of the folder leaves the run alone, and explain tells it", () =>
  inWorld(async (world) => {
    installTool(world);
    for (const [file, profile, message] of troubles) {
      rmSync(join(world.home, ".config"), { recursive: true, force: true });
      keepProfile(world, "acme.json", acme);
      keepProfile(world, file, profile);
      const env = { GS_TELEMETRY_APP_ID: appID };
      const run = await world.runToSink(["run", "--", "acme", "up"], { env });
      assert.deepEqual(run, { status: 0, signal: null, stdout: "acme up \n", stderr: "" });
      assert.deepEqual(world.queued(), []);
      const explained = await world.run(["explain", "--", "acme", "up"], { env });
      assert.match(explained.stderr, message);
      assert.equal(explained.status, 1);
      assert.equal(await explainedName(world, ["kubectl-gs", "login"]), "kubectl gs login");
    }
  }));

test("a profile that is nested too deeply leaves the run alone", () =>
  inWorld(async (world) => {
    installTool(world);
    const root = `${'{"name":"x","commands":['.repeat(5_000)}${"]}".repeat(5_000)}`;
    keepProfile(
      world,
      "deep.json",
      JSON.stringify({ ...acme, root: 0 }).replace('"root":0', `"root":${root}`),
    );
    const { status, stdout, stderr } = await world.runToSink(["run", "--", "acme", "up"]);
    assert.match(stdout, /^acme up /);
    assert.deepEqual([status, stderr], [0, ""]);
  }));

test("trouble with a profile that was asked for is a usage error, and nothing runs", () =>
  inWorld(async (world) => {
    installTool(world);
    const broken = keepProfile(world, "broken.json", { ...acme, appID: "x" });
    const cases: [profile: string, message: RegExp][] = [
      [broken, /profile .*broken\.json: appID should be a UUID, not "x"/],
      ["acme", /profile .*broken\.json: appID should be a UUID/],
      ["./none.json", /profile \.\/none\.json: cannot be read/],
      ["none", /unknown profile 'none'; known are kubectl-gs, acme, and files/],
    ];
    for (const [profile, message] of cases) {
      const result = await world.run(["run", "--profile", profile, "--", "acme", "up"]);
      assert.match(result.stderr, message);
      assert.equal(result.status, 125);
      assert.equal(result.stdout, "");
    }
  }));

test("the tool's version is asked for once, and the first signal has it", () =>
  inWorld(async (world) => {
    keepProfile(world, "acme.json", acme);
    installTool(
      world,
      `test "$1" = --version && { echo "$$" >> ${world.home}/asked; echo "acme v1.2.3"; }; exit 0`,
    );
    const sink = await world.sink();
    await world.runToSink(["run", "--", "acme", "up"]);
    assert.equal((await sink.waitFor(1))[0].payload.appVersion, "1.2.3");
    await world.couriersEnded();
    await world.runToSink(["run", "--", "acme", "up"]);
    const [, second] = await sink.waitFor(2);
    assert.equal(second.payload["TelemetryDeck.AppInfo.version"], "1.2.3");
    await world.couriersEnded();
    assert.equal(readFileSync(join(world.home, "asked"), "utf8").split("\n").length, 2);
    await world.runToSink(["run", "--tool-version", "9.9", "--", "acme", "up"]);
    assert.equal((await sink.waitFor(3))[2].payload.appVersion, "9.9");
  }));

test("a signal waits in the queue for its tool's version", () =>
  inWorld(async (world) => {
    keepProfile(world, "acme.json", acme);
    const gate = join(world.home, "gate");
    installTool(
      world,
      `test "$1" = --version || exit 0; until test -e ${gate}; do sleep 0.05; done; echo 1.2.3`,
    );
    const sink = await world.sink();
    await world.runToSink(["run", "--", "acme", "up"]);
    await until(() => world.couriers().length > 1, "the version call to begin");
    assert.equal(world.queued().length, 1);
    assert.deepEqual(sink.arrived(), []);
    writeFileSync(gate, "");
    assert.equal((await sink.waitFor(1))[0].payload.appVersion, "1.2.3");
  }));

const hasMachineID = ["/etc/machine-id", "/var/lib/dbus/machine-id"].some((file) =>
  existsSync(file) && /^(?!0+$)[0-9a-f]{32}$/.test(readFileSync(file, "utf8").trim())
);

test("a profile with the machine's identity gives another hash, the same for each run", {
  skip: process.platform === "linux" && !hasMachineID ? "this machine has no ID of its own" : false,
}, () =>
  inWorld(async (world) => {
    const user = async (profile: unknown, USER: string) => {
      const file = keepProfile(world, "acme.json", profile);
      const { stdout } = await world.run(["explain", "--profile", file, "--", "acme"], { env: { USER } });
      return JSON.parse(stdout)[0].clientUser;
    };
    const machine = { ...acme, identity: "machine" };
    assert.equal(await user(machine, "ada"), await user(machine, "ada"));
    assert.notEqual(await user(machine, "ada"), await user(machine, "grace"));
    assert.notEqual(await user(machine, "ada"), await user(acme, "ada"));
  }));
