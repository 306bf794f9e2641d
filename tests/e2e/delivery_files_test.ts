import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileNameOf } from "../../lib/delivery/queue.ts";
import { withServer } from "../helpers/fault_server.ts";
import { program, until } from "../helpers/harness.ts";
import { plantSignals } from "../helpers/plant.ts";
import { command, done, environment, tell } from "../helpers/delivery.ts";

const courier = { GS_TELEMETRY_COURIER: "1" };

test("junk in the queue holds no signal up and is gone afterwards", () =>
  withServer(async (world, server) => {
    plantSignals(world, 3, server.endpoint);
    const junk = (text: string | Uint8Array) =>
      writeFileSync(join(world.queue, fileNameOf(Date.now() - 1_000, crypto.randomUUID())), text);
    junk("");
    junk('{"url":"http://127.0.0.1/v2/","sig');
    junk("null");
    junk(crypto.getRandomValues(new Uint8Array(4_096)));
    junk("x".repeat(8 * 1024 * 1024));
    junk(JSON.stringify({ url: "http://127.0.0.1/v2/", signal: null }));
    mkdirSync(join(world.queue, fileNameOf(1, crypto.randomUUID())));
    mkdirSync(join(world.queue, "folder/in/folder"), { recursive: true });
    writeFileSync(join(world.queue, "notes.txt"), "");
    symlinkSync("/dev/zero", join(world.queue, fileNameOf(Date.now(), crypto.randomUUID())));
    symlinkSync("/nowhere", join(world.queue, fileNameOf(Date.now(), crypto.randomUUID())));
    symlinkSync(world.queue, join(world.queue, "loop"));
    execFileSync("mkfifo", [join(world.queue, fileNameOf(Date.now(), crypto.randomUUID()))]);
    await world.run(["courier"], { env: courier });
    tell("junk in the queue", 3, server);
    assert.equal(server.distinct, 3);
    assert.equal(server.twice, 0);
    assert.deepEqual(world.queued(), []);
    assert.ok(existsSync("/dev/zero"));
  }));

test("a queue that is a link elsewhere loses nothing of what lies there", () =>
  withServer(async (world, server) => {
    const elsewhere = join(world.home, "elsewhere");
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, "diary.txt"), "dear diary");
    mkdirSync(world.state, { recursive: true });
    symlinkSync(elsewhere, world.queue);
    await world.run(["run", "--", ...command], { env: environment(server) });
    await until(() => server.distinct === 1, "the signal");
    await world.couriersEnded();
    assert.deepEqual(readdirSync(elsewhere), ["diary.txt"]);
  }));

test("the queue keeps to its bound, the oldest go first, and are counted", () =>
  withServer(async (world, server) => {
    const sessions = plantSignals(world, 10_020, server.endpoint);
    server.script = () => ({ status: 503 });
    await world.run(["courier"], { env: courier });
    assert.equal(world.queued().length, 10_000);
    const state = JSON.parse(readFileSync(join(world.state, "delivery.json"), "utf8"));
    assert.equal(state.dropped, 20);
    assert.equal(server.requests[0].signals[0].sessionID, sessions[20]);
  }));

test("signals of wrong clocks are neither dropped nor dated wrongly", () =>
  withServer(async (world, server) => {
    const year = 365 * 24 * 3_600_000;
    for (const years of [-56, -3, 3, 10]) plantSignals(world, 2, server.endpoint, Date.now() + years * year);
    await world.run(["courier"], { env: courier });
    tell("clock set by years", 8, server);
    assert.equal(server.distinct, 8);
    assert.equal(server.twice, 0);
    for (const signal of server.taken) assert.equal("receivedAt" in signal, false);
  }));

test("a back-off from before the clock was set back does not last", () =>
  withServer(async (world, server) => {
    plantSignals(world, 1, server.endpoint);
    const since = Date.now() + 10 * 365 * 24 * 3_600_000;
    const backoff = { failures: 9, unanswered: 9, since, delay: 3_600_000 };
    const state = { dropped: 0, backoffs: { [new URL(server.endpoint).origin]: backoff } };
    writeFileSync(join(world.state, "delivery.json"), JSON.stringify(state));
    await world.run(["run", "--", ...command], { env: environment(server) });
    await until(() => server.distinct === 2, "the signals");
    await world.couriersEnded();
  }));

test("a damaged state file holds nothing up", () =>
  withServer(async (world, server) => {
    plantSignals(world, 1, server.endpoint);
    const damaged = ["", "null", "[]", "{", '{"backoffs":7}', '{"backoffs":{"x":null}}', "\0\x01"];
    const nonsense = ['{"lastError":7,"dropped":0,"backoffs":{}}', '{"dropped":-1e999,"backoffs":{}}'];
    for (const text of [...damaged, ...nonsense]) {
      writeFileSync(join(world.state, "delivery.json"), text);
      const { status, stdout } = await world.run(["status"]);
      assert.equal(status, 0, text);
      assert.match(stdout, /^Delivered +never$/m);
      const before = server.distinct;
      const result = await world.run(["run", "--", ...command], { env: environment(server) });
      assert.deepEqual(result, done);
      await until(() => server.distinct > before, `the signal with ${text}`);
      await world.couriersEnded();
      const state = JSON.parse(readFileSync(join(world.state, "delivery.json"), "utf8"));
      assert.ok(state.lastDelivery > 0, text);
    }
  }));

test("files are private when the umask is 000", () =>
  withServer(async (world, server) => {
    server.script = () => ({ status: 503 });
    const words = program.map((word) => `'${word}'`).join(" ");
    const script = `umask 000; ${words} run -- sh -c umask`;
    const result = await world.execute(["sh", "-c", script], { env: environment(server) });
    assert.equal(result.stdout, "0000\n");
    await world.couriersEnded();
    const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
    for (const name of readdirSync(world.state, { recursive: true }) as string[]) {
      const path = join(world.state, name);
      assert.equal(modeOf(path), statSync(path).isDirectory() ? "700" : "600", name);
    }
    assert.equal(modeOf(world.state), "700");
    assert.equal(world.queued().length, 1);
  }));

test("the command is unharmed when there is no home", () =>
  withServer(async (world, server) => {
    const missing = join(world.home, "missing");
    // From source, Deno itself does not start in a home that is a file.
    const file = program.length === 1 ? ["/dev/null"] : [];
    for (const HOME of [undefined, "", "relative", missing, ...file]) {
      const env = { ...environment(server), HOME };
      assert.deepEqual(await world.run(["run", "--", ...command], { env }), done);
    }
    assert.equal(existsSync(missing), false, "a home that is missing is not made");
    assert.equal(server.connections, 0);
  }));

test("the command is unharmed when a file lies where a folder should", () =>
  withServer(async (world, server) => {
    mkdirSync(world.state, { recursive: true });
    writeFileSync(world.queue, "a file");
    assert.deepEqual(await world.run(["run", "--", ...command], { env: environment(server) }), done);
    assert.equal(readFileSync(world.queue, "utf8"), "a file");
  }));

for (const [what, status] of [["sent", 200], ["refused", 400]] as const) {
  test(`a signal that was ${what} but cannot be deleted is not sent on and on`, () =>
    withServer(async (world, server) => {
      server.script = () => ({ status });
      plantSignals(world, 1, server.endpoint);
      const file = join(world.queue, world.queued()[0]);
      const damaged = join(world.queue, fileNameOf(Date.now(), crypto.randomUUID()));
      writeFileSync(damaged, "");
      const isHeld = mark("+i");
      try {
        await world.run(["courier"], { env: courier });
        assert.equal(server.requests.length, 1);
        assert.equal(world.queued().length, isHeld ? 2 : 0);
      } finally {
        mark("-i");
      }

      /** An immutable file; without the right to make one, the test shows only that the courier ends. */
      function mark(change: string): boolean {
        try {
          execFileSync("chattr", [change, file, damaged], { stdio: "ignore" });
          return true;
        } catch {
          return false;
        }
      }
    }));
}
