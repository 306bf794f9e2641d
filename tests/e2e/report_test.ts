import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { appID, inWorld, Sink, until, type World } from "../helpers/harness.ts";
import { isInstalled } from "../helpers/property.ts";

const signal = { appID, clientUser: "hash", type: "Acme.command", payload: { command: "acme deploy" } };

async function post(endpoint: string, signals: readonly unknown[]): Promise<number> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(endpoint, { method: "POST", headers, body: JSON.stringify(signals) });
  await response.text();
  return response.status;
}

/** What a sink prints of signals. */
function signalLines({ lines }: Sink): string[] {
  return lines.filter((line) => / user /.test(line));
}

/** Runs commands as several users do, each in a home of its own, and has a sink with a database keep the signals. */
async function runAsUsers(world: World, runs: readonly [user: string, args: string][]): Promise<string> {
  const store = join(world.home, "usage.db");
  const sink = await Sink.start(world, "127.0.0.1:0", store);
  try {
    const script = runs.map(([user, args]) =>
      `mkdir -p homes/${user}; HOME=$PWD/homes/${user} USER=${user} gs run -- kubectl gs ${args} >/dev/null`
    );
    const all = [...script, ...runs.map(([user]) => `HOME=$PWD/homes/${user} gs flush`)].join("\n");
    const { status, stderr } = await world.bash(all, { env: { GS_TELEMETRY_ENDPOINT: sink.endpoint } });
    assert.equal(status, 0, stderr);
    await until(() => signalLines(sink).length === runs.length, "all signals to arrive");
  } finally {
    await sink.stop();
  }
  return store;
}

test("report tells of what was run, by whom, as sqlite3 does by hand", () =>
  inWorld(async (world) => {
    const store = await runAsUsers(world, [
      ["ada", "login"],
      ["ada", "login"],
      ["ada", "get clusters"],
      ["bob", "login"],
      ["bob", "template app"],
      ["eve", "get clusters"],
    ]);
    const { stdout, status, stderr } = await world.run(["report", "--json", store]);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    const { total, commands, unused } = JSON.parse(stdout);
    assert.deepEqual(total, { people: 3, runs: 6 });
    const figures = commands.map(({ command, people, runs }: Record<string, unknown>) =>
      `${command}|${people}|${runs}`
    );
    assert.deepEqual(figures, [
      "kubectl gs login|2|3",
      "kubectl gs get clusters|2|2",
      "kubectl gs template app|1|1",
    ]);
    assert.equal(unused[0].tool, "kubectl gs");
    assert.ok(unused[0].commands.includes("kubectl gs get apps"));
    assert.ok(!unused[0].commands.includes("kubectl gs login"));
    if (!isInstalled("sqlite3")) return;
    const sql =
      "SELECT command, count(DISTINCT client_user), count(*) FROM usage GROUP BY 1 ORDER BY 2 DESC, 3 DESC";
    assert.deepEqual(execFileSync("sqlite3", [store, sql], { encoding: "utf8" }).trim().split("\n"), figures);
  }));

test("report reads a database that a sink writes to, and the sink shows the same page", () =>
  inWorld(async (world) => {
    const store = join(world.home, "usage.db");
    const sink = await Sink.start(world, "127.0.0.1:0", store);
    try {
      assert.equal(await post(sink.endpoint, [signal, { ...signal, clientUser: "other" }]), 200);
      assert.equal(
        await post(sink.endpoint, [signal, { ...signal, clientUser: "other" }]),
        200,
        "sent again",
      );
      await until(() => signalLines(sink).length === 4, "lines of both requests");
      assert.deepEqual(signalLines(sink).map((line) => / again, not stored$/.test(line)), [
        false,
        false,
        true,
        true,
      ]);
      const { stdout } = await world.run(["report", store]);
      assert.match(stdout, /\nPeople +2 +new\nRuns +2 +new\n/);
      const html = await world.run(["report", "--html", "-", store]);
      const page = await fetch(new URL("/", sink.endpoint));
      assert.equal(await page.text(), html.stdout);
      assert.equal(page.headers.get("content-type"), "text/html; charset=utf-8");
    } finally {
      await sink.stop();
    }
  }));

test("report narrows down, reads standard input, and writes a page", () =>
  inWorld(async (world) => {
    const receivedAt = new Date().toISOString();
    const line = (command: string, more = {}) =>
      JSON.stringify({ ...signal, receivedAt, payload: { command }, ...more });
    const lines = [
      line("acme deploy"),
      line("acme get apps"),
      line("helm list"),
      line("acme", { isTestMode: true }),
    ];
    const ask = async (...args: string[]) => {
      const { stdout, stderr } = await world.run(["report", "--json", ...args, "-"], {
        input: `${lines.join("\n")}\n`,
      });
      assert.equal(stderr, "");
      return JSON.parse(stdout).commands.map(({ command }: { command: string }) => command);
    };
    assert.deepEqual(await ask(), ["acme deploy", "acme get apps", "helm list"]);
    assert.deepEqual(await ask("--tool", "acme"), ["acme deploy", "acme get apps"]);
    assert.deepEqual(await ask("--command", "acme get"), ["acme get apps"]);
    assert.deepEqual(await ask("--test-mode"), ["acme"]);
    assert.deepEqual(await ask("--app-id", "11111111-2222-4333-8444-555555555555"), []);
    assert.deepEqual(await ask("--app-id", appID.toLowerCase(), "--until", "2020-01-01"), []);
    writeFileSync(join(world.home, "usage.jsonl"), lines.join("\n"));
    const { status, stdout } = await world.run(["report", "--html", "usage.html", "usage.jsonl"]);
    assert.deepEqual({ status, stdout }, { status: 0, stdout: "" });
    assert.match(
      readFileSync(join(world.home, "usage.html"), "utf8"),
      /^<!DOCTYPE html>[\s\S]*<svg[\s\S]*<\/html>\n$/,
    );
  }));

test("report passes over what is no signal, and says so at the end", () =>
  inWorld(async (world) => {
    const receivedAt = new Date().toISOString();
    const lines = [
      JSON.stringify({ ...signal, receivedAt }),
      "not JSON",
      "[]",
      JSON.stringify({ ...signal, receivedAt: "2026-02-30T00:00:00Z" }),
      "x".repeat(9 * 1024 * 1024),
      JSON.stringify(signal),
      "",
      JSON.stringify({ ...signal, receivedAt }),
      '{"appID":"4539',
    ];
    writeFileSync(join(world.home, "usage.jsonl"), lines.join("\n"));
    const { status, stdout, stderr } = await world.run(["report", "--json", "usage.jsonl"]);
    assert.deepEqual(JSON.parse(stdout).total, { people: 1, runs: 2 });
    assert.equal(
      stderr,
      "gs-telemetry: passed over: 5 lines are no signals; 1 signal has no time (stored by an older sink)\n",
    );
    assert.equal(status, 0);
  }));

const wrong: [args: string[], status: number, message: RegExp][] = [
  [[], 125, /missing required argument 'STORE'/],
  [["missing.db"], 125, /cannot read missing\.db: /],
  [["folder"], 1, /cannot read folder: /],
  [["notes.txt"], 1, /there are no signals in notes\.txt: no line is one/],
  [["other.db"], 1, /cannot read other\.db: it is a database of another program/],
  [["newer.db"], 1, /cannot read newer\.db: it was written by a newer version/],
  [["broken.db"], 1, /cannot read broken\.db: /],
  [["newer.db", "notes.txt"], 125, /a database is read by itself/],
  [["--since", "2026-11-02", "--until", "2026-11-01", "empty.jsonl"], 125, /before it begins/],
  [["--days", "0", "empty.jsonl"], 125, /--days is '0' but should be a whole number from 1 on/],
  [["--by", "year", "empty.jsonl"], 125, /--by/],
  [["--app-id", "acme", "--", "empty.jsonl"], 125, /--app-id is 'acme' but should be/],
  [["--tool", "", "empty.jsonl"], 125, /--tool is empty but should be /],
  [["--command", "", "empty.jsonl"], 125, /--command is empty but should be /],
  [["--html", "", "empty.jsonl"], 125, /--html is empty but should be /],
  [["--json", "--html", "-", "empty.jsonl"], 125, /give --html a file/],
  [["--html", "missing/usage.html", "empty.jsonl"], 1, /cannot write missing\/usage\.html: /],
  [["--tool", "./missing.json", "empty.jsonl"], 125, /profile \.\/missing\.json: cannot be read/],
  [["clickhouse+http://db.example/usage"], 125, /this machine only/],
  [["clickhouse+http://127.0.0.1:1/usage"], 1, /cannot read from ClickHouse: /],
];

test("report tells in one line what is wrong, and changes nothing", () =>
  inWorld(async (world) => {
    const at = (name: string) => join(world.home, name);
    mkdirSync(at("folder"));
    writeFileSync(at("notes.txt"), "Dear diary\n");
    writeFileSync(at("empty.jsonl"), "");
    writeFileSync(at("broken.db"), `SQLite format 3\0${"x".repeat(5_000)}`);
    for (const [name, sql] of [["other.db", "CREATE TABLE cats (name TEXT)"], ["newer.db", newerVersion]]) {
      const database = new DatabaseSync(at(name));
      database.exec(sql);
      database.close();
    }
    for (const [args, status, message] of wrong) {
      const result = await world.run(["report", ...args]);
      assert.match(result.stderr, /^gs-telemetry: [^\n]+\n$/, args.join(" "));
      assert.match(result.stderr, message);
      assert.deepEqual([result.status, result.stdout], [status, ""], args.join(" "));
    }
  }));

test("report passes over a last line that never ends", () =>
  inWorld(async (world) => {
    const input = `${JSON.stringify({ ...signal, receivedAt: new Date().toISOString() })}\n${
      "x".repeat(9_000_000)
    }`;
    const { stdout, stderr } = await world.run(["report", "--json", "-"], { input });
    assert.equal(JSON.parse(stdout).total.runs, 1);
    assert.equal(stderr, "gs-telemetry: passed over: 1 line is no signal\n");
  }));

const newerVersion =
  "CREATE TABLE signals (id INTEGER); PRAGMA application_id = 1735619685; PRAGMA user_version = 2";

test("report reads a database in a folder that is read-only", () =>
  inWorld(async (world) => {
    const folder = join(world.home, "archive");
    mkdirSync(folder);
    const sink = await Sink.start(world, "127.0.0.1:0", join(folder, "usage.db"));
    assert.equal(await post(sink.endpoint, [signal]), 200);
    await sink.stop();
    chmodSync(folder, 0o555);
    try {
      const { stdout, stderr } = await world.run(["report", join(folder, "usage.db")]);
      assert.match(stdout, /People +1/, stderr);
    } finally {
      chmodSync(folder, 0o755);
    }
  }));

test("report without signals says what may be wrong, and how to ask for more", () =>
  inWorld(async (world) => {
    writeFileSync(join(world.home, "it's.jsonl"), "");
    const ask = async (...args: string[]) => (await world.run(["report", ...args, "it's.jsonl"])).stdout;
    const page = await ask("--tool", "nope", "--app-id", appID, "--test-mode");
    assert.match(page, /No profile is called 'nope', and no\s+command that was counted begins with it\./);
    const again = `gs-telemetry report --days 365 --app-id ${appID} --tool nope --test-mode 'it'\\''s.jsonl'`;
    assert.ok(page.endsWith(`A longer period:\n  ${again}\n`), page);
    assert.doesNotMatch(await ask("--tool", "kubectl-gs", "--days", "365"), /No profile|A longer/);
  }));

test("report ends quietly when its reader goes away", () =>
  inWorld(async (world) => {
    const receivedAt = new Date().toISOString();
    writeFileSync(join(world.home, "usage.jsonl"), `${JSON.stringify({ ...signal, receivedAt })}\n`);
    const { stdout, stderr } = await world.bash("gs report usage.jsonl | head -n 1");
    assert.match(stdout, /^Usage of all commands, [^\n]+\n$/);
    assert.equal(stderr, "");
  }));
