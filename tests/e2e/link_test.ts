import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { inWorld, nowhere, otherAppID, program, type World } from "../helpers/harness.ts";

const skip = program.length === 1 ? false : "the source has no file of its own to link to";
const name = "kubectl-gs";

/** Puts the program in front of the stand-in kubectl-gs; gives the PATH. */
function link(world: World, place: (from: string, to: string) => void = symlinkSync): string {
  const folder = join(world.home, "links");
  mkdirSync(folder);
  place(program[0], join(folder, name));
  return [folder, world.bin, process.env.PATH].join(delimiter);
}

async function runLinked(world: World, command: readonly string[], PATH: string) {
  const { endpoint } = await world.sink();
  return await world.execute(command, { env: { GS_TELEMETRY_ENDPOINT: endpoint, PATH } });
}

for (const command of [["kubectl", "gs"], [name]]) {
  test(`a link in front of kubectl-gs counts ${command.join(" ")}`, { skip }, () =>
    inWorld(async (world) => {
      const words = [...command, "login", "my-cluster", "--help=false"];
      const result = await runLinked(world, words, link(world));
      assert.match(result.stdout, /^kubectl-gs \(stand-in\): login my-cluster --help=false\n/);
      assert.equal(result.status, 42);
      const signals = await (await world.sink()).waitFor(1);
      assert.deepEqual(signals.map(({ payload }) => payload.command), ["kubectl gs login"]);
    }));
}

test(
  "a link in front of a tool of the user's own profile counts it",
  { skip },
  () =>
    inWorld(async (world) => {
      const folder = join(world.home, ".config/gs-telemetry/profiles");
      mkdirSync(folder, { recursive: true });
      const profile = {
        name: "id",
        displayName: "id",
        match: [["id"]],
        appID: otherAppID,
        root: { name: "id" },
      };
      writeFileSync(join(folder, "id.json"), JSON.stringify(profile));
      symlinkSync(program[0], join(world.bin, "id"));
      const result = await runLinked(world, ["id", "-u"], [world.bin, process.env.PATH].join(delimiter));
      assert.match(result.stdout, /^\d+\n$/);
      const [signal] = await (await world.sink()).waitFor(1);
      assert.equal(signal.payload.command, "id");
    }),
);

test("a link is found when it is a copy of the program", { skip }, () =>
  inWorld(async (world) => {
    const result = await runLinked(world, [name, "login"], link(world, copyFileSync));
    assert.equal(result.status, 42);
    await (await world.sink()).waitFor(1);
  }));

test("a link passes the program's own words on to the tool", { skip }, () =>
  inWorld(async (world) => {
    const result = await runLinked(world, [name, "run", "--", "--help"], link(world));
    assert.match(result.stdout, /^kubectl-gs \(stand-in\): run -- --help\n/);
  }));

// It looks like one that was not UTF-8 and is looked up among those of this process, of which the first is the link.
test("a link passes on an argument with a replacement character", { skip }, () =>
  inWorld(async (world) => {
    const result = await runLinked(world, ["timeout", "20", name, "login", "a\u{FFFD}b"], link(world));
    assert.match(result.stdout, /^kubectl-gs \(stand-in\): login a\u{FFFD}b\n/u);
    assert.equal(result.status, 42);
  }));

test("a link is an error when there is no tool behind it", { skip }, () =>
  inWorld(async (world) => {
    const PATH = link(world);
    rmSync(join(world.bin, name));
    symlinkSync(program[0], join(world.bin, name));
    const result = await runLinked(world, [name, "login"], PATH);
    assert.equal(
      result.stderr,
      "gs-telemetry: kubectl-gs is a link to gs-telemetry, and there is no kubectl-gs behind it on PATH\n",
    );
    assert.equal(result.status, 127);
  }));

test("two copies of the program in a row end at the tool", { skip }, () =>
  inWorld(async (world) => {
    const folder = join(world.home, "copies");
    mkdirSync(folder);
    copyFileSync(program[0], join(folder, name));
    const result = await runLinked(world, [name, "login"], `${folder}${delimiter}${link(world)}`);
    assert.equal(result.status, 42);
    await (await world.sink()).waitFor(1);
    await world.couriersEnded();
    assert.equal((await world.sink()).arrived().length, 1);
  }));

test("kubectl finds the program as its plugin", { skip }, () =>
  inWorld(async (world) => {
    symlinkSync(program[0], join(world.bin, "kubectl-gs_telemetry"));
    const result = await world.execute([
      "kubectl",
      "gs-telemetry",
      "explain",
      "--",
      "kubectl",
      "gs",
      "login",
    ]);
    assert.match(result.stdout, /"command": "kubectl gs login"/);
    assert.equal(result.status, 0);
  }));

test(
  "a run around the link is counted once and loses nothing that waits",
  { skip },
  () =>
    inWorld(async (world) => {
      const PATH = link(world);
      const env = { GS_TELEMETRY_ENDPOINT: nowhere, PATH };
      const result = await world.execute([program[0], "run", "--", "kubectl", "gs", "login"], { env });
      assert.match(result.stdout, /KUBECTL_GS_TELEMETRY_OPTOUT=1/);
      await world.couriersEnded();
      assert.equal(world.queued().length, 1);
    }),
);

/** A profile that asks its tool for the version, and sets nothing that would keep a second call from counting. */
function writePlainProfile(world: World): void {
  const folder = join(world.home, ".config/gs-telemetry/profiles");
  mkdirSync(folder, { recursive: true });
  const profile = {
    name: "acme",
    displayName: "acme",
    match: [["acme"]],
    appID: otherAppID,
    versionCall: ["--version"],
    root: { name: "acme", versionFlags: ["--version"] },
  };
  writeFileSync(join(folder, "acme.json"), JSON.stringify(profile));
}

function writeAcme(world: World, version: string): void {
  const script = `#!/bin/sh\n[ "$1" = --version ] && echo "acme ${version}" || echo "acme ran $*"\n`;
  writeFileSync(join(world.bin, "acme"), script, { mode: 0o755 });
}

test(
  "the version of a tool behind a link is found, and a newer one, too",
  { skip },
  () =>
    inWorld(async (world) => {
      writePlainProfile(world);
      const folder = join(world.home, "links");
      mkdirSync(folder);
      symlinkSync(program[0], join(folder, "acme"));
      const PATH = [folder, world.bin, process.env.PATH].join(delimiter);
      for (const [index, version] of ["1.0.0", "2.0.10"].entries()) {
        writeAcme(world, version);
        assert.equal((await runLinked(world, ["acme", "deploy"], PATH)).stdout, "acme ran deploy\n");
        const signals = await (await world.sink()).waitFor(index + 1);
        assert.equal(signals[index].payload.appVersion, version);
        await world.couriersEnded();
      }
    }),
);

test(
  "a tool is counted once if run names a link, and behind links of two installations",
  { skip },
  () =>
    inWorld(async (world) => {
      writePlainProfile(world);
      writeAcme(world, "1.0.0");
      const folders = ["one", "two"].map((name) => join(world.home, name));
      for (const folder of folders) {
        mkdirSync(folder);
        copyFileSync(program[0], join(folder, "gs-telemetry"));
        symlinkSync("gs-telemetry", join(folder, "acme"));
      }
      const PATH = [...folders, world.bin, process.env.PATH].join(delimiter);
      const run = [join(folders[0], "gs-telemetry"), "run", "--"];
      for (const command of [["acme", "a"], [...run, "acme", "b"], [...run, join(folders[0], "acme"), "c"]]) {
        assert.match((await runLinked(world, command, PATH)).stdout, /^acme ran [abc]\n$/);
      }
      await world.couriersEnded();
      await world.run(["flush"], { env: { PATH } });
      assert.equal((await world.sink()).arrived().length, 3);
    }),
);

test(
  "a short name that somebody has linked to a link runs the tool",
  { skip },
  () =>
    inWorld(async (world) => {
      writePlainProfile(world);
      writeAcme(world, "1.0.0");
      const folder = join(world.home, "links");
      mkdirSync(folder);
      symlinkSync(program[0], join(folder, "acme"));
      symlinkSync("acme", join(folder, "a"));
      symlinkSync(join(folder, "a"), join(world.bin, "b"));
      const PATH = [folder, world.bin, process.env.PATH].join(delimiter);
      for (const [index, command] of ["a", "b", join(world.bin, "b")].entries()) {
        assert.equal(
          (await runLinked(world, [command, "deploy"], PATH)).stdout,
          "acme ran deploy\n",
          command,
        );
        await (await world.sink()).waitFor(index + 1);
      }
    }),
);

test("a link runs its tool if the settings and a profile lead to a device without an end", {
  skip: skip || (process.platform === "linux" ? false : "needs Linux"),
}, () =>
  inWorld(async (world) => {
    const config = join(world.home, ".config/gs-telemetry");
    mkdirSync(join(config, "profiles"), { recursive: true });
    symlinkSync("/dev/zero", join(config, "profiles/endless.json"));
    const PATH = link(world);
    assert.equal((await runLinked(world, [name, "login"], PATH)).status, 42);
    symlinkSync("/dev/zero", join(config, "settings.json"));
    const { stdout } = await world.run(["status", "--json"]);
    assert.equal(JSON.parse(stdout).consent.fault, "cannot be read");
    assert.equal((await runLinked(world, [name, "login"], PATH)).status, 42);
  }));
