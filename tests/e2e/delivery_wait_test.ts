import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { withServer } from "../helpers/fault_server.ts";
import { gathering, program, until } from "../helpers/harness.ts";
import { environment } from "../helpers/delivery.ts";

/** A request without an answer lasts longer than its test may take. */
const endless = JSON.stringify({ patience: 0, timeout: 3_600_000, hangTimeout: 3_600_000 });
/** The server is left alone for longer than its test may take. */
const longBackoff = JSON.stringify({ patience: 0, firstBackoff: 3_600_000, longestBackoff: 3_600_000 });

test("run --wait returns after the signal is sent, with the command's output and status", () =>
  withServer(async (world, server) => {
    const env = environment(server);
    const result = await world.run(["run", "--wait=20", "--", "sh", "-c", "cat; echo err >&2; exit 7"], {
      env,
      input: "in",
    });
    assert.deepEqual(result, { status: 7, signal: null, stdout: "in", stderr: "err\n" });
    assert.equal(server.distinct, 1);
    const byVariable = await world.run(["run", "--", "true"], { env: { ...env, GS_TELEMETRY_WAIT: "20" } });
    assert.equal(byVariable.status, 0);
    assert.equal(server.distinct, 2);
    assert.equal(server.twice, 0);
  }));

test("run --wait dies of the signal that the command died of", () =>
  withServer(async (world, server) => {
    const result = await world.run(["run", "--wait", "--", "sh", "-c", "kill -TERM $$"], {
      env: environment(server),
    });
    assert.equal(result.signal, "SIGTERM");
    assert.equal(server.distinct, 1);
  }));

test("run --wait gives the command the descriptors, limits and signals of its caller", {
  skip: existsSync("/proc/self/status") && existsSync("/bin/bash") ? false : "needs Linux and bash",
}, () =>
  withServer(async (world, server) => {
    const env = environment(server);
    const look = "ulimit -Sn; grep -E '^Sig(Ign|Blk)' /proc/self/status; cat <&9";
    const script = (prefix: string) =>
      `trap "" HUP QUIT USR2; ulimit -Sn 777; ${prefix} bash -c "${look}" 9< <(echo nine)`;
    const read = async (prefix: string) =>
      withoutOwnSignals((await world.bash(script(prefix), { env })).stdout);
    const direct = await read("");
    assert.match(direct, /^777\n[\s\S]*nine\n$/);
    assert.equal(await read("gs run --wait=20 --"), direct);
  }));

test("run --wait runs a script without a first line", {
  skip: existsSync("/bin/bash") ? false : "needs bash",
}, () =>
  withServer(async (world, server) => {
    const script = `printf 'echo "ran $0 $1"; exit 9' >script; chmod 755 script
      gs run --wait=20 -- ./script 'one two'; echo $?`;
    const { stdout } = await world.bash(script, { env: environment(server) });
    assert.equal(stdout, "ran ./script one two\n9\n");
  }));

test("run --wait runs a command whose name is not UTF-8", {
  skip: /\bbun\b/.test(program.join(" ")) && existsSync("/bin/bash") ? false : "needs Bun and bash",
}, () =>
  withServer(async (world, server) => {
    const script = `cp /bin/echo $'./tool\\xff'; gs run --wait=20 -- $'./tool\\xff' found $'\\xfe' | od -c`;
    const { stdout } = await world.bash(script, { env: environment(server) });
    assert.match(stdout, /f +o +u +n +d +376/);
  }));

test("run --wait passes on a variable that is not UTF-8", {
  skip: existsSync("/proc/self/environ") && existsSync("/bin/bash") ? false : "needs Linux and bash",
}, () =>
  withServer(async (world, server) => {
    const script = `RAW=$'\\xff\\x80' gs run --wait=20 -- grep -az ^RAW= /proc/self/environ | od -An -c`;
    const { stdout } = await world.bash(script, { env: environment(server) });
    assert.match(stdout, /R +A +W += +377 +200/);
  }));

test("run --wait sets the profile's variables once", {
  skip: existsSync("/proc/self/environ") ? false : "needs Linux",
}, () =>
  withServer(async (world, server) => {
    const profile = {
      name: "acme",
      displayName: "acme",
      match: [["cat"]],
      environment: { ACME_MODE: "counted" },
    };
    writeFileSync(join(world.home, "acme.json"), JSON.stringify({ ...profile, root: { name: "cat" } }));
    const words = ["run", "--wait=20", "--profile", "acme.json", "--", "cat", "/proc/self/environ"];
    const { stdout } = await world.run(words, { env: { ...environment(server), ACME_MODE: "the user's" } });
    const values = stdout.split("\0").filter((entry) => entry.startsWith("ACME_MODE="));
    assert.deepEqual(values, ["ACME_MODE=counted"]);
  }));

/** Takes out signals 32 and 33, the C library's own, which its posix_spawn may leave ignored. */
function withoutOwnSignals(status: string): string {
  return status.replace(/[0-9a-f]{16}/g, (set) => (BigInt(`0x${set}`) & ~0x1_8000_0000n).toString(16));
}

test("run --wait passes signals on to the command", () =>
  withServer(async (world, server) => {
    const script = "trap 'echo caught; exit 9' TERM; echo ready; while :; do sleep 0.05; done";
    const [file, ...args] = [...program, "run", "--wait=20", "--", "sh", "-c", script];
    const child = spawn(file, args, { env: world.environment(environment(server)), cwd: world.home });
    let output = "";
    child.stdout.on("data", (chunk) => output += chunk);
    await until(() => output.includes("ready"), "the command to be ready");
    const ended = new Promise((resolve) => child.once("exit", resolve));
    process.kill(child.pid!, "SIGTERM"); // child.kill of Deno hides the exit status
    assert.equal(await ended, 9);
    assert.match(output, /caught/);
    assert.equal(server.distinct, 1);
  }));

test("run --wait keeps to its limit when the server never answers", () =>
  withServer(async (world, server) => {
    server.script = () => "nothing";
    const result = await world.run(["run", "--wait=1", "--", "sh", "-c", "exit 3"], {
      env: { ...environment(server), GS_TELEMETRY_LIMITS: endless },
    });
    assert.equal(result.status, 3);
    assert.equal(world.queued().length, 1);
    // The request of a courier would last.
    await server.stop();
  }));

test("run --wait leaves no signal behind when it has asked the courier to yield", () =>
  withServer(async (world, server) => {
    const env = { ...environment(server), GS_TELEMETRY_LIMITS: gathering };
    let release = () => {};
    server.hold = new Promise<void>((resolve) => release = resolve);
    const waiting = world.run(["run", "--wait=30", "--", "true"], { env });
    await until(() => existsSync(join(world.state, "courier.yield")), "the courier to be asked");
    await world.run(["run", "--", "true"], { env });
    release();
    assert.equal((await waiting).status, 0);
    await world.couriersEnded();
    assert.deepEqual([server.distinct, server.twice, world.queued()], [2, 0, []]);
  }));

test("run --wait does not wait when the server is to be left alone", () =>
  withServer(async (world, server) => {
    server.script = () => ({ status: 503 });
    const env = { ...environment(server), GS_TELEMETRY_LIMITS: longBackoff };
    for (let index = 0; index < 3; index++) {
      await world.run(["run", "--wait=600", "--", "true"], { env });
    }
    assert.equal(server.connections, 1);
    assert.equal(world.queued().length, 3);
  }));

test("run --wait does not wait for the command's absence or without anything to send", () =>
  withServer(async (world, server) => {
    const missing = await world.run(["run", "--wait", "--", "no-such-command"], { env: environment(server) });
    assert.equal(missing.status, 127);
    const off = { ...environment(server), DO_NOT_TRACK: "1" };
    assert.equal((await world.run(["run", "--wait", "--", "false"], { env: off })).status, 1);
    assert.equal(server.connections, 0);
    const wrong = await world.run(["run", "--wait=soon", "--", "true"], { env: environment(server) });
    assert.equal(wrong.status, 125);
    assert.equal(
      wrong.stderr,
      "gs-telemetry: --wait is 'soon' but should be a number of seconds, such as 5\n",
    );
  }));

test("explain takes --wait and is not changed by it", () =>
  withServer(async (world, server) => {
    const result = await world.run(["explain", "--wait", "--", "true"], { env: environment(server) });
    assert.equal(JSON.parse(result.stdout)[0].payload.command, "true");
    assert.equal(server.connections, 0);
  }));
