import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { command, done, environment } from "../helpers/delivery.ts";
import { withServer } from "../helpers/fault_server.ts";
import { inWorld, until, type World } from "../helpers/harness.ts";
import { plantSignals } from "../helpers/plant.ts";
import { isInstalled } from "../helpers/property.ts";

const isRoot = process.getuid?.() === 0;
const asRoot = { skip: isRoot ? false : "only root can give files away" };
const immutable = {
  skip: !isRoot || !isInstalled("chattr")
    ? "only root has chattr"
    : !keepsImmutable() && "no file can be immutable here",
};

const obstacles: Record<string, (path: string) => void> = {
  "a file": (path) => writeFileSync(path, "kept"),
  "a FIFO": (path) => void execFileSync("mkfifo", [path]),
  "a link to itself": (path) => symlinkSync("queue", path),
  "a link to nothing": (path) => symlinkSync("/nowhere/at/all", path),
};

for (const [what, place] of Object.entries(obstacles)) {
  test(`a queue that is ${what} is moved aside, and delivery goes on`, () =>
    withServer(async (world, server) => {
      mkdirSync(world.state, { recursive: true });
      place(world.queue);
      assert.deepEqual(await world.run(["run", "--", ...command], { env: environment(server) }), done);
      await until(() => server.distinct === 1, "the signal");
      await world.couriersEnded();
      assert.deepEqual(world.queued(), []);
      const aside = readdirSync(world.state).filter((name) => name.startsWith("queue.aside-"));
      assert.equal(aside.length, 1);
      if (what === "a file") assert.equal(readFileSync(join(world.state, aside[0]), "utf8"), "kept");
    }));
}

const locks: Record<string, (path: string) => void> = {
  "an empty directory": (path) => mkdirSync(path),
  "a directory with something in it": (path) => mkdirSync(join(path, "inside"), { recursive: true }),
  "a link to itself": (path) => symlinkSync("courier.lock", path),
};

for (const [what, place] of Object.entries(locks)) {
  test(`a lock that is ${what} is moved aside, and delivery goes on`, () =>
    withServer(async (world, server) => {
      mkdirSync(world.state, { recursive: true });
      place(join(world.state, "courier.lock"));
      assert.deepEqual(await world.run(["run", "--", ...command], { env: environment(server) }), done);
      await until(() => server.distinct === 1, "the signal");
    }));
}

test("20 runs at once with a file for a queue lose no signal", () =>
  withServer(async (world, server) => {
    mkdirSync(world.state, { recursive: true });
    writeFileSync(world.queue, "");
    const run = () => world.run(["run", "--", ...command], { env: environment(server) });
    for (const end of await Promise.all(Array.from({ length: 20 }, run))) assert.deepEqual(end, done);
    await until(() => server.distinct === 20, "20 signals");
    await world.couriersEnded();
    assert.equal(server.twice, 0);
    const aside = readdirSync(world.state).filter((name) => name.startsWith("queue.aside-"));
    assert.equal(aside.length, 1);
  }));

/** As `status` shows it. */
function shown(path: string): string {
  return `~${path.slice(path.indexOf("/.local"))}`;
}

async function problemsOf(world: World): Promise<string> {
  const status = await world.run(["status", "--json"]);
  return JSON.parse(status.stdout).problems.join("\n");
}

test(
  "status names what stands in the way of another user's, and what to do; nothing moves it",
  asRoot,
  () =>
    inWorld(async (world) => {
      const lock = join(world.state, "courier.lock");
      mkdirSync(lock, { recursive: true });
      writeFileSync(world.queue, "theirs");
      for (const path of [world.queue, lock]) chownSync(path, 65534, 65534);
      await world.run(["run", "--", ...command], { env: environment({ endpoint: "http://127.0.0.1:9/" }) });
      assert.equal(readFileSync(world.queue, "utf8"), "theirs");
      assert.equal(
        await problemsOf(world),
        `${
          shown(world.queue)
        } belongs to another user and is no directory, so nothing is sent; delete or rename it\n` +
          `${shown(lock)} belongs to another user and is no file, so nothing is sent; delete or rename it`,
      );
      assert.match((await world.run(["status"])).stdout, /Problem/);
    }),
);

test("status tells that what is the user's own will be moved aside", () =>
  inWorld(async (world) => {
    mkdirSync(world.state, { recursive: true });
    writeFileSync(world.queue, "");
    assert.equal(
      await problemsOf(world),
      `${shown(world.queue)} is no directory; the next run moves it aside`,
    );
    assert.deepEqual(readdirSync(world.state), ["queue"]);
  }));

test(
  "a signal that was taken and cannot be deleted is not sent again, by any courier",
  immutable,
  () =>
    withServer(async (world, server) => {
      plantSignals(world, 3, server.endpoint);
      const [first] = world.queued().sort();
      execFileSync("chattr", ["+i", join(world.queue, first)]);
      try {
        for (let round = 0; round < 3; round++) {
          await world.run(["courier"], { env: { GS_TELEMETRY_COURIER: "1" } });
        }
        assert.equal(server.distinct, 3);
        assert.equal(server.twice, 0);
        assert.deepEqual(world.queued(), [first]);
        const flushed = await world.run(["flush"]);
        assert.equal(flushed.status, 0, flushed.stderr);
        assert.equal(JSON.parse((await world.run(["status", "--json"])).stdout).queue.length, 0);
      } finally {
        execFileSync("chattr", ["-i", join(world.queue, first)]);
      }
      plantSignals(world, 1, server.endpoint);
      await world.run(["courier"], { env: { GS_TELEMETRY_COURIER: "1" } });
      assert.deepEqual(world.queued(), []);
      assert.equal(server.distinct, 4);
      assert.equal(server.twice, 0);
      assert.ok(!readdirSync(world.state).includes("undeletable.json"));
    }),
);

test(
  "a signal that was refused and cannot be moved is not sent again",
  immutable,
  () =>
    withServer(async (world, server) => {
      server.script = () => ({ status: 400 });
      plantSignals(world, 1, server.endpoint);
      const [name] = world.queued();
      execFileSync("chattr", ["+i", join(world.queue, name)]);
      try {
        for (let round = 0; round < 3; round++) {
          await world.run(["courier"], { env: { GS_TELEMETRY_COURIER: "1" } });
        }
        assert.equal(server.requests.length, 1);
      } finally {
        execFileSync("chattr", ["-i", join(world.queue, name)]);
      }
    }),
);

test(
  "a queue that becomes immutable while signals are sent is not sent again",
  immutable,
  () =>
    withServer(async (world, server) => {
      plantSignals(world, 2, server.endpoint);
      let answer = () => {};
      server.hold = new Promise((resolve) => answer = resolve);
      const courier = world.run(["courier"], { env: { GS_TELEMETRY_COURIER: "1" } });
      await until(() => server.requests.length === 1, "the request");
      execFileSync("chattr", ["+i", world.queue]);
      answer();
      await courier;
      await world.run(["courier"], { env: { GS_TELEMETRY_COURIER: "1" } });
      execFileSync("chattr", ["-i", world.queue]);
      await world.run(["courier"], { env: { GS_TELEMETRY_COURIER: "1" } });
      assert.deepEqual(world.queued(), []);
      assert.equal(server.distinct, 2);
      assert.equal(server.twice, 0);
    }),
);

function keepsImmutable(): boolean {
  const file = execFileSync("mktemp", { encoding: "utf8" }).trim();
  try {
    execFileSync("chattr", ["+i", file], { stdio: "ignore" });
    execFileSync("chattr", ["-i", file], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  } finally {
    execFileSync("rm", ["-f", file]);
  }
}
