import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { appID, type Arrived, inWorld, program, Sink, until } from "../helpers/harness.ts";

const signal = { appID, clientUser: "hash", type: "Acme.command" };

/** Takes out the time of arrival, which the sink adds, rounded down to the hour. */
function withoutArrival({ receivedAt, ...sent }: Arrived): unknown {
  assert.match(receivedAt, /^\d{4}-\d\d-\d\dT\d\d:00:00\.000Z$/);
  return sent;
}

async function post(url: string, body: unknown, contentType = "application/json; charset=utf-8") {
  const headers = { "content-type": contentType };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}

test("sink stores each signal as a line of JSON and prints one line for it", () =>
  inWorld(async (world) => {
    const sink = await world.sink();
    const signals = [{ ...signal, payload: { command: "acme deploy" } }, { ...signal, isTestMode: true }];
    assert.deepEqual(await post(sink.endpoint, signals), { status: 200, text: "" });
    assert.deepEqual((await sink.waitFor(2)).map(withoutArrival), signals);
    assert.deepEqual(sink.lines, [
      'Acme.command  "acme deploy"  ?/?  user hash',
      'Acme.command  ""  ?/?  user hash  test',
    ]);
  }));

test("sink refuses a wrong body and says which field is wrong", () =>
  inWorld(async (world) => {
    const sink = await world.sink();
    const { status, text } = await post(sink.endpoint, [signal, { ...signal, appID: "acme" }]);
    assert.equal(status, 400);
    assert.match(JSON.parse(text).error, /^1\.appID: /);
    assert.deepEqual(sink.arrived(), [], "none of a batch with a wrong signal is taken");
  }));

test("sink answers as a server does to wrong paths, methods and types", () =>
  inWorld(async (world) => {
    const { endpoint } = await world.sink();
    assert.equal((await post(new URL("/v1/", endpoint).href, [signal])).status, 404);
    assert.equal((await post(`${endpoint}namespace/acme/`, [signal])).status, 200);
    assert.equal((await post(endpoint, [signal], "text/plain")).status, 415);
    const get = await fetch(endpoint);
    await get.body?.cancel();
    assert.equal(get.status, 405);
  }));

test("sink goes on when a sender breaks off", () =>
  inWorld(async (world) => {
    const sink = await world.sink();
    const { hostname, port } = new URL(sink.endpoint);
    const sender = connect(Number(port), hostname);
    await once(sender, "connect");
    sender.write(
      "POST /v2/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n[{",
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    sender.destroy();
    await once(sender, "close");
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal((await post(sink.endpoint, [signal])).status, 200);
    assert.deepEqual((await sink.waitFor(1)).map(withoutArrival), [signal]);
  }));

test("sink ends without a word when nobody reads what it prints", () =>
  inWorld(async (world) => {
    const [command, ...words] = [...program, "sink", "--listen", "127.0.0.1:0"];
    const sink = spawn(command, words, { env: world.environment() });
    let stderr = "";
    sink.stderr.on("data", (text) => stderr += text);
    const [line] = await once(sink.stdout, "data");
    sink.stdout.destroy();
    const [, endpoint] = String(line).trim().split(" on ");
    // When the pipe is really closed, and whether an answer comes before the end, is not certain.
    const sending = setInterval(() => void post(endpoint, [signal]).catch(() => {}), 50);
    const [status] = await once(sink, "close");
    clearInterval(sending);
    assert.deepEqual({ status, stderr }, { status: 141, stderr: "" });
  }));

test("sink tells in one line when it cannot store", () =>
  inWorld(async (world) => {
    const result = await world.run(["sink", "--listen", "127.0.0.1:0", "--store", "missing/arrived.jsonl"]);
    assert.match(result.stderr, /^gs-telemetry: cannot write missing\/arrived\.jsonl: [^\n]+\n$/);
    assert.equal(result.status, 1);
  }));

test("sink tells in one line when it cannot listen", () =>
  inWorld(async (world) => {
    const { endpoint } = await world.sink();
    const result = await world.run(["sink", "--listen", new URL(endpoint).host]);
    assert.match(result.stderr, /^gs-telemetry: cannot listen on 127\.0\.0\.1:\d+: [^\n]+\n$/);
    assert.equal(result.status, 1);
    const wrong = await world.run(["sink", "--listen", "here"]);
    assert.match(wrong.stderr, /^gs-telemetry: --listen is 'here' but should be HOST:PORT, [^\n]*\n$/);
    assert.equal(wrong.status, 125);
  }));

test("sink listens on IPv6", () =>
  inWorld(async (world) => {
    const sink = await Sink.start(world, "[::1]:0");
    try {
      assert.match(sink.endpoint, /^http:\/\/\[::1\]:\d+\/v2\/$/);
      assert.equal((await post(sink.endpoint, [signal])).status, 200);
    } finally {
      await sink.stop();
    }
  }));

test("sink stores when a signal came, unless its sender said so", () =>
  inWorld(async (world) => {
    const sink = await world.sink();
    const late = { ...signal, receivedAt: "2026-11-28T09:00:00Z" };
    const before = Math.floor(Date.now() / 3_600_000);
    assert.equal((await post(sink.endpoint, [signal, late])).status, 200);
    const [first, second] = readFileSync(sink.store, "utf8").trimEnd().split("\n").map((line) =>
      JSON.parse(line)
    );
    assert.ok(Date.parse(first.receivedAt) / 3_600_000 - before <= 1);
    assert.equal(Date.parse(first.receivedAt) % 3_600_000, 0);
    assert.deepEqual(second, late);
  }));

test("sink shows what a sender wrote as its code, in one line", () =>
  inWorld(async (world) => {
    const sink = await world.sink();
    const type = "Acme\x1b[2J\nforged  line\u202e";
    assert.equal((await post(sink.endpoint, [{ ...signal, type }])).status, 200);
    assert.equal((await post(new URL("/\x1b[2J", sink.endpoint).href, [signal])).status, 404);
    await until(() => sink.lines.length === 2, "two lines");
    assert.equal(sink.lines[0], 'Acme\\u001b[2J\\u000aforged  line\\u202e  ""  ?/?  user hash');
    assert.match(sink.lines[1], /^404 no such path: /);
  }));

test("sink takes signals of the apps that it is for", () =>
  inWorld(async (world) => {
    const args = ["sink", "--listen", "127.0.0.1:0", "--app-id", signal.appID.toLowerCase()];
    const child = spawn(program[0], [...program.slice(1), ...args], { env: world.environment() });
    const [line] = await once(child.stdout, "data");
    const endpoint = String(line).trim().split(" on ")[1];
    assert.equal((await post(endpoint, [signal])).status, 200);
    const { status, text } = await post(endpoint, [{
      ...signal,
      appID: "11111111-2222-4333-8444-555555555555",
    }]);
    assert.deepEqual([status, JSON.parse(text).error.split(":")[0]], [403, "0.appID"]);
    child.kill();
    await once(child, "exit");
  }));

test("sink warns when others can reach it without TLS", () =>
  inWorld(async (world) => {
    const [command, ...words] = [...program, "sink", "--listen", "0.0.0.0:0"];
    const child = spawn(command, words, { env: world.environment() });
    const [warning] = await once(child.stderr, "data");
    assert.match(String(warning), /^gs-telemetry: [^\n]*TLS[^\n]*\n$/);
    child.kill("SIGINT");
    await once(child, "exit");
  }));

test("sink answers with 500 once its file has been removed, and says so on standard error", () =>
  inWorld(async (world) => {
    for (const name of ["usage.db", "usage.jsonl"]) {
      const args = ["sink", "--listen", "127.0.0.1:0", "--store", join(world.home, name)];
      const child = spawn(program[0], [...program.slice(1), ...args], { env: world.environment() });
      let stderr = "";
      child.stderr.on("data", (text) => stderr += text);
      const [line] = await once(child.stdout, "data");
      const endpoint = String(line).split("\n")[0].split(" on ")[1];
      assert.equal((await post(endpoint, [signal])).status, 200);
      for (const ending of ["", "-wal", "-shm"]) rmSync(join(world.home, name + ending), { force: true });
      assert.equal((await post(endpoint, [signal, signal])).status, 500);
      await until(() => stderr.includes("\n"), "a line on standard error");
      assert.match(stderr, /^gs-telemetry: 500 cannot write [^\n]+ was removed or replaced [^\n]+\n$/);
      child.kill();
      await once(child, "exit");
    }
  }));

test("sink refuses a file with something else in it and leaves it as it is", () =>
  inWorld(async (world) => {
    writeFileSync(join(world.home, "notes.txt"), "Dear diary");
    writeFileSync(join(world.home, "notes.db"), "Dear diary");
    for (const name of ["notes.txt", "notes.db"]) {
      const { status, stderr } = await world.run(["sink", "--listen", "127.0.0.1:0", "--store", name]);
      assert.match(stderr, /^gs-telemetry: cannot write notes\.\w+: [^\n]+\n$/);
      assert.equal(status, 1);
      assert.equal(readFileSync(join(world.home, name), "utf8"), "Dear diary");
    }
  }));

for (const name of ["TERM", "INT"]) {
  test(`sink ends with status 0 on SIG${name}`, () =>
    inWorld(async (world) => {
      // A shell that is not interactive has its background jobs ignore SIGINT, but for what sets it itself.
      const script =
        `"$@" >out & p=$!; until grep -qs Listening out; do sleep 0.05; done; kill -${name} $p; wait $p; echo $?`;
      const command = [
        "bash",
        "-c",
        script,
        "bash",
        ...program,
        "sink",
        "--listen",
        "127.0.0.1:0",
        "--store",
        "a.db",
      ];
      const { stdout, stderr } = await world.execute(command);
      assert.deepEqual({ stdout, stderr }, { stdout: "0\n", stderr: "" });
    }));
}
