import assert from "node:assert/strict";
import { chmodSync, copyFileSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { inWorld, program, type Surroundings, type World } from "../helpers/harness.ts";
import { installTool, noLink as skip, placeLink, writeProfile } from "../helpers/link.ts";

const restic = { stdout: "restic (real): ", stderr: "to stderr\n", status: 7 };

/** Runs `restic snapshots` through the link and asserts that nobody could tell. */
async function assertRuns(world: World, words: string[], surroundings: Surroundings): Promise<void> {
  const { stdout, stderr, status } = await world.execute(words, surroundings);
  const args = words.slice(words.findIndex((word) => word.endsWith("restic")) + 1);
  const expected = { ...restic, stdout: `${restic.stdout}${args.join(" ")}\n` };
  assert.deepEqual({ stdout, stderr, status }, expected, words.join(" "));
}

const profiles: Record<string, (world: World) => void> = {
  "no profile": () => {},
  "a profile with a syntax error": (world) => writeProfile(world, "restic.json", "{"),
  "an empty profile": (world) => writeProfile(world, "restic.json", ""),
  "a profile that is none": (world) => writeProfile(world, "restic.json", { match: [["restic"]], root: 7 }),
  "profiles that are a file": (world) => writeProfile(world, "../profiles.json", ""),
};

for (const [what, prepare] of Object.entries(profiles)) {
  test(
    `a link runs its tool with its arguments when there is ${what}`,
    { skip },
    () =>
      inWorld(async (world) => {
        installTool(world, "restic");
        prepare(world);
        const PATH = placeLink(world, "restic");
        for (
          const words of ["snapshots", "status", "run -- snapshots", "explain x", "--version", "courier", ""]
        ) {
          await assertRuns(world, ["restic", ...words.split(" ").filter(Boolean)], { env: { PATH } });
        }
        assert.deepEqual(world.queued(), []);
      }),
  );
}

const homes: Record<string, string | undefined> = {
  "no HOME": undefined,
  "a HOME that does not exist": "/nonexistent/home",
  "a HOME that is a file": "/dev/null",
  "another user's HOME": "/",
};

for (const [what, HOME] of Object.entries(homes)) {
  test(`a link runs its tool when there is ${what}`, { skip }, () =>
    inWorld(async (world) => {
      installTool(world, "restic");
      const PATH = placeLink(world, "restic");
      await assertRuns(world, ["restic", "status"], { env: { PATH, HOME } });
    }));
}

test("a link runs its tool with an empty environment, from PATH's default or the usual directories", {
  skip,
}, () =>
  inWorld(async (world) => {
    const link = join(world.home, "id");
    symlinkSync(program[0], link);
    for (const environment of [[], ["PATH=/nowhere"], ["PATH="]]) {
      const { stdout, status } = await world.execute(["env", "-i", ...environment, link, "-u"], { cwd: "/" });
      assert.match(stdout, /^\d+\n$/, environment.join());
      assert.equal(status, 0);
    }
  }));

test("a link runs its tool as another user, who may read none of the owner's files", {
  skip: skip || (process.getuid?.() === 0 ? false : "needs root"),
}, () =>
  inWorld(async (world) => {
    const tool = installTool(world, "restic");
    const PATH = placeLink(world, "restic");
    const copy = join(world.home, "links/restic");
    for (const folder of [world.home, world.bin, join(world.home, "links")]) chmodSync(folder, 0o755);
    assert.ok(existsSync(tool) && existsSync(copy));
    const asOther = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", "-u", "HOME"];
    const reachable = await world.execute([...asOther, "test", "-x", program[0]]);
    if (reachable.status !== 0) return;
    writeProfile(world, "restic.json", "{");
    chmodSync(join(world.home, ".config"), 0o700);
    await assertRuns(world, [...asOther, "restic", "status"], { env: { PATH } });
    await assertRuns(world, [...asOther, `HOME=${world.home}`, "restic", "status"], { env: { PATH } });
  }));

const wrong: Record<string, string> = {
  GS_TELEMETRY_ENDPOINT: "http://telemetry.corp:8686",
  GS_TELEMETRY_APP_ID: "acme",
  GS_TELEMETRY_PROFILE: "nope",
  GS_TELEMETRY_WAIT: "soon",
  GS_TELEMETRY_SESSION: "1",
  GS_TELEMETRY_NAMESPACE: "a b",
};

for (const [name, value] of Object.entries(wrong)) {
  test(
    `a link runs its tool, and nothing is sent, when ${name} is wrong`,
    { skip },
    () =>
      inWorld(async (world) => {
        const PATH = placeLink(world, "kubectl-gs");
        const env = { PATH, [name]: value };
        const result = await world.execute(["kubectl", "gs", "login"], { env });
        assert.match(result.stdout, /^kubectl-gs \(stand-in\): login\n/);
        assert.doesNotMatch(result.stderr, /gs-telemetry/);
        assert.equal(result.status, 42);
        assert.deepEqual(world.queued(), []);
        const debugged = await world.execute(["kubectl", "gs", "login"], {
          env: { ...env, GS_TELEMETRY_DEBUG: "1" },
        });
        assert.match(debugged.stderr, new RegExp(`^gs-telemetry: nothing is sent: ${name}`, "m"));
        assert.equal(debugged.status, 42);
      }),
  );
}

const ownNames = ["gs-telemetry", "gs-telemetry-0.1.0-linux-x64-bun", "GS-Telemetry", "kubectl-gs_telemetry"];

test("the program does its own work under its own name, with a version behind it, and as kubectl's plugin", {
  skip,
}, () =>
  inWorld(async (world) => {
    for (const name of ownNames) {
      symlinkSync(program[0], join(world.bin, name));
      const { stdout, status } = await world.execute([name, "--version"]);
      assert.match(stdout, /^gs-telemetry \d/, name);
      assert.equal(status, 0);
    }
  }));

test(
  "the program under any other name is the tool's, and says in one line if there is none",
  { skip },
  () =>
    inWorld(async (world) => {
      for (const name of ["restic", "gs-telemetryx", "kubectl-gs", "kubectl-gs_telemetries"]) {
        mkdirSync(join(world.home, name));
        const PATH = join(world.home, name);
        symlinkSync(program[0], join(PATH, name));
        copyFileSync("/bin/true", join(PATH, "true"));
        const { stdout, stderr, status } = await world.execute([join(PATH, name), "--version"], {
          env: { PATH },
        });
        const line = `${name} is a link to gs-telemetry, and there is no ${name} behind it on PATH`;
        assert.deepEqual({ stdout, stderr, status }, {
          stdout: "",
          stderr: `gs-telemetry: ${line}\n`,
          status: 127,
        });
      }
    }),
);

test(
  "two copies in front of nothing end, also if a directory is twice on PATH",
  { skip },
  () =>
    inWorld(async (world) => {
      for (const folder of ["a", "b"]) {
        mkdirSync(join(world.home, folder));
        copyFileSync(program[0], join(world.home, folder, "restic"));
      }
      symlinkSync("a", join(world.home, "c"));
      const PATH = ["a", "b", "c", "b"].map((folder) => join(world.home, folder)).join(":");
      const words = ["timeout", "10", "restic", "snapshots"];
      const result = await world.execute(words, { env: { PATH: `${PATH}:/usr/bin:/bin` } });
      assert.equal(result.status, 127);
    }),
);

test("a link in front of a login shell finds it", { skip }, () =>
  inWorld(async (world) => {
    installTool(world, "restic");
    const PATH = placeLink(world, "restic");
    const words = ["bash", "-c", "exec -a -restic restic status"];
    assert.equal((await world.execute(words, { env: { PATH } })).status, 7);
  }));
