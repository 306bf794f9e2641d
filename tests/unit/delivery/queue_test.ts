import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { clearQueue, enqueue, fileNameOf, hasQueue, isQueued } from "../../../lib/delivery/queue.ts";
import { listQueue, recordedAt } from "../../../lib/delivery/queue_reader.ts";
import { StateDirectory } from "../../../lib/directories/state_directory.ts";
import { system } from "../../../lib/system/mod.ts";
import type { Signal } from "../../../lib/signal/signal.ts";
import { endpoint, inFakeState, start, withFiles } from "../../helpers/fake_surroundings.ts";

const queued = { url: endpoint, signal: { type: "Test.run" } as Signal };

test("fileNameOf() sorts by time, also before 1970", () => {
  assert.equal(fileNameOf(12, "id"), "000000000000012-id.json");
  assert.equal(fileNameOf(-12, "id"), "000000000000000-id.json");
  assert.equal(fileNameOf(1, "id"), "000000000000001-id.json");
});

test("enqueue() writes one whole file of the user's own and nothing else", () =>
  inFakeState((state) => {
    rmSync(state.queue, { recursive: true });
    assert.equal(hasQueue(state), false);
    const name = enqueue(state, queued, start)!;
    assert.equal(hasQueue(state), true);
    assert.deepEqual(readdirSync(state.queue), [name]);
    assert.deepEqual([recordedAt(name), listQueue(state)], [start, [name]]);
    assert.deepEqual(JSON.parse(readFileSync(join(state.queue, name), "utf8")), queued);
    assert.equal(statSync(join(state.queue, name)).mode & 0o777, 0o600);
    assert.deepEqual([isQueued(state, name), isQueued(state, `${name}x`)], [true, false]);
    assert.notEqual(enqueue(state, queued, start), name);
    assert.equal(readdirSync(state.queue).length, 2);
  }));

test("enqueue() gives up silently where nothing can be written", () =>
  inFakeState((state) => {
    assert.equal(enqueue(new StateDirectory("/dev/null/state"), queued, start), undefined);
    const name = withFiles({ create: () => false }, () => enqueue(state, queued, start));
    assert.equal(name, undefined);
    assert.deepEqual([readdirSync(state.path), readdirSync(state.queue)], [["queue"], []]);
  }));

test("enqueue() leaves nothing unfinished if the file cannot be put into place", () =>
  inFakeState((state) => {
    const { rename } = system.files;
    (system.files as { rename: typeof rename }).rename = () => false;
    try {
      assert.equal(enqueue(state, queued, start), undefined);
      assert.deepEqual(readdirSync(state.queue), []);
    } finally {
      (system.files as { rename: typeof rename }).rename = rename;
    }
  }));

test("clearQueue() deletes what waits and what was refused, and nothing else", () =>
  inFakeState((state) => {
    assert.deepEqual(clearQueue(state), { done: true });
    assert.equal(hasQueue(state), false);
    for (const folder of [state.queue, state.rejected]) {
      mkdirSync(join(folder, "folder"), { recursive: true });
      writeFileSync(join(folder, "file"), "");
    }
    writeFileSync(state.deliveryState, "{}");
    clearQueue(state);
    assert.equal(existsSync(state.rejected), false);
    assert.deepEqual(readdirSync(state.path), ["delivery.json"]);
  }));

test("clearQueue() says why something is left, and deletes the rest", () =>
  inFakeState((state) => {
    const { removeTree } = system.files;
    const failed = { done: false, reason: "read-only" } as const;
    try {
      for (const stuck of [state.queue, state.rejected]) {
        system.files.removeTree = (path) => path === stuck ? failed : { done: true };
        assert.deepEqual(clearQueue(state), failed);
      }
    } finally {
      system.files.removeTree = removeTree;
    }
  }));

test("clearQueue() forgets what was sent, and what is settled once nothing waits", () =>
  inFakeState((state) => {
    const { removeTree } = system.files;
    for (const file of [state.sent, state.undeletable]) writeFileSync(file, "[]");
    system.files.removeTree = () => ({ done: false, reason: "read-only" });
    try {
      clearQueue(state);
    } finally {
      system.files.removeTree = removeTree;
    }
    assert.deepEqual([existsSync(state.sent), existsSync(state.undeletable)], [false, true]);
    clearQueue(state);
    assert.equal(existsSync(state.undeletable), false);
  }));
