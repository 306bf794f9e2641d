import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { openStore } from "../../../lib/sink/open_store.ts";
import { parseStore } from "../../../lib/sink/store.ts";
import { fillStore, inFolder, now } from "../../helpers/signals.ts";

const signal = { appID: "4539763B-A291-4835-B832-9BEB80CA7039", clientUser: "hash", type: "Acme.command" };
const open = (file: string) => openStore(parseStore(file));

test("parseStore() tells kinds apart by the name", () => {
  assert.deepEqual(parseStore("a/usage.db"), { kind: "sqlite", file: "a/usage.db" });
  assert.deepEqual(parseStore("USAGE.SQLITE"), { kind: "sqlite", file: "USAGE.SQLITE" });
  assert.deepEqual(parseStore("usage.jsonl"), { kind: "json lines", file: "usage.jsonl" });
  const place = { url: "https://db.example:8443/", user: "me", database: "usage" };
  assert.deepEqual(parseStore("clickhouse+https://me@db.example:8443/usage"), { kind: "clickhouse", place });
});

const wrong: [name: string, message: RegExp][] = [
  ["", /empty/],
  ["postgres://host/db", /unknown kind of store 'postgres'/],
  ["clickhouse://host/db", /should be written as/],
  ["clickhouse+https://host:8443/", /should be written as/],
  ["clickhouse+https://me:secret@host/db", /GS_TELEMETRY_CLICKHOUSE_PASSWORD/],
  ["clickhouse+http://db.example/db", /this machine only/],
];
for (const [name, message] of wrong) {
  test(`parseStore() refuses '${name}'`, () =>
    assert.throws(() => parseStore(name), { name: "UsageError", message }));
}

test("lines of JSON have the sender's time, else that of the arrival as their first key", () =>
  inFolder(async (folder) => {
    const file = join(folder, "usage.jsonl");
    const late = { ...signal, receivedAt: "2026-11-28T09:12:13Z" };
    await fillStore(file, [[signal, late]]);
    const [first, second] = readFileSync(file, "utf8").trimEnd().split("\n");
    assert.equal(first, `{"receivedAt":"2026-11-28T15:00:00.000Z",${JSON.stringify(signal).slice(1)} `);
    assert.equal(second, JSON.stringify(late));
  }));

const halves: [what: string, end: string][] = [
  ["half a line", '{"appID":"4539'],
  ["a request without its last line", `${JSON.stringify(signal)} \n`],
  ["a request that breaks off in a line", `${JSON.stringify(signal)} \n{"appID":"45`],
  ["a byte", "{"],
  ["zeros", "\0\0\0"],
  ["much of a request", `${JSON.stringify({ ...signal, type: "x".repeat(90_000) })} \n`.repeat(3)],
];
for (const [what, end] of halves) {
  test(`the next start cuts off ${what}`, () =>
    inFolder(async (folder) => {
      const file = join(folder, "usage.jsonl");
      await fillStore(file, [[signal, signal], [signal]]);
      const before = readFileSync(file, "utf8");
      appendFileSync(file, end);
      await (await open(file)).close();
      assert.equal(readFileSync(file, "utf8"), before);
    }));
}

test("the next start ends a whole last line, which somebody wrote by hand", () =>
  inFolder(async (folder) => {
    const file = join(folder, "usage.jsonl");
    writeFileSync(file, JSON.stringify(signal));
    await (await open(file)).close();
    assert.equal(readFileSync(file, "utf8"), `${JSON.stringify(signal)}\n`);
  }));

test("a file with something else in it is refused and stays as it is", () =>
  inFolder(async (folder) => {
    const line = JSON.stringify(signal);
    const foreign = [
      "Dear diary",
      '{"a":1}\nfoo',
      '{"a":1}\n',
      '{"a":1}',
      '{"a":',
      `${line}\nfoo`,
      `${line}\n{"a":1}`,
      "null",
      '{"type":"module"}',
      `${line}\n{"type":"module"}`,
      "\0\0\0",
    ];
    for (const [index, text] of foreign.entries()) {
      const file = join(folder, `${index}.txt`);
      writeFileSync(file, text);
      await assert.rejects(open(file), { message: /it has something else than signals in it$/ }, text);
      assert.equal(readFileSync(file, "utf8"), text);
    }
    for (const [name, text] of [["other.db", "Dear diary".repeat(99)]]) {
      const file = join(folder, name);
      writeFileSync(file, text);
      await assert.rejects(open(file), { message: /^cannot write [^\n]+$/ });
      assert.equal(readFileSync(file, "utf8"), text);
    }
  }));

test("a second sink on the same lines of JSON is refused", () =>
  inFolder(async (folder) => {
    const file = join(folder, "usage.jsonl");
    const store = await open(file);
    await assert.rejects(open(file), { message: `cannot write ${file}: another sink writes to it` });
    await store.close();
    await (await open(file)).close();
  }));

test("requests one after another and at once are all written", () =>
  inFolder(async (folder) => {
    const file = join(folder, "usage.jsonl");
    const store = await open(file);
    const add = () => store.add({ signals: [signal, signal], body: "", time: now });
    for (let round = 0; round < 20; round++) await add();
    await Promise.all(Array.from({ length: 20 }, add));
    await store.close();
    assert.equal(readFileSync(file, "utf8").split("\n").length, 81);
  }));

test("a database takes a body that comes again within ten minutes once", () =>
  inFolder(async (folder) => {
    const store = await open(join(folder, "usage.db"));
    const add = (body: string, time: number) => store.add({ signals: [signal], body, time });
    assert.equal(await add("a", now), "stored");
    assert.equal(await add("a", now + 599_000), "repeated");
    assert.equal(await add("b", now), "stored");
    assert.equal(await add("a", now + 601_000), "stored");
    await store.close();
  }));

test("a database of another program and of a newer version are refused and stay as they are", () =>
  inFolder(async (folder) => {
    const file = join(folder, "usage.db");
    const other = new DatabaseSync(file);
    other.exec("CREATE TABLE cats (name TEXT)");
    other.close();
    await assert.rejects(open(file), {
      message: `cannot write ${file}: it is a database of another program`,
    });
    const newer = join(folder, "newer.db");
    await fillStore(newer, [[signal]]);
    const database = new DatabaseSync(newer);
    database.exec("PRAGMA user_version = 7");
    database.close();
    const message = new RegExp("newer version of this program \\(format 7, known is 1\\)$");
    await assert.rejects(open(newer), { message });
  }));

test("a file beside a database that keeps it from being written is named", () =>
  inFolder(async (folder) => {
    const file = join(folder, "usage.db");
    await fillStore(file, [[signal]]);
    mkdirSync(`${file}-wal`);
    await assert.rejects(open(file), (error: Error) => error.message.endsWith(`in the way is ${file}-wal`));
  }));

for (const name of ["usage.db", "usage.jsonl"]) {
  test(`nothing is taken any more once ${name} has been removed or moved`, () =>
    inFolder(async (folder) => {
      const file = join(folder, name);
      const store = await open(file);
      const add = (body: string) => store.add({ signals: [signal], body, time: now });
      assert.equal(await add("a"), "stored");
      const moved = join(folder, `moved ${name}`);
      renameSync(file, moved);
      const size = statSync(moved).size;
      for (let again = 0; again < 2; again++) {
        await assert.rejects(add("b"), {
          name: "StoreError",
          status: 500,
          message: /was removed or replaced/,
        });
      }
      writeFileSync(file, "");
      await assert.rejects(add("b"), { status: 500, message: /was removed or replaced/ });
      assert.equal(statSync(moved).size, size);
      await store.close();
    }));
}
