import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { StateDirectory } from "../../../lib/directories/state_directory.ts";
import { limits } from "../../../lib/delivery/limits.ts";
import {
  countRejected,
  readQueued,
  recordedAt,
  setAside,
  tidyQueue,
} from "../../../lib/delivery/queue_reader.ts";
import { fileNameOf } from "../../../lib/delivery/queue.ts";

const hour = 3_600_000;
const day = 24 * hour;
const year = 365 * day;
const now = Date.UTC(2026, 10, 23);
const entry = JSON.stringify({ url: "https://example.org/v2/", signal: { type: "Test.run" } });

function inState<Result>(act: (state: StateDirectory, queue: string) => Result): Result {
  const state = new StateDirectory(mkdtempSync(join(tmpdir(), "gs-telemetry-test-")));
  mkdirSync(state.queue);
  try {
    return act(state, state.queue);
  } finally {
    rmSync(state.path, { recursive: true, force: true });
  }
}

function put(queue: string, at: number, text = entry): string {
  const name = fileNameOf(at, crypto.randomUUID());
  writeFileSync(join(queue, name), text);
  return name;
}

test("tidyQueue keeps the youngest when there are too many", () =>
  inState((state, queue) => {
    const names = Array.from({ length: 12 }, (_, index) => put(queue, now - index));
    const tidied = tidyQueue(state, now, { ...limits, queueLength: 10 });
    assert.deepEqual(tidied, { names: names.slice(0, 10).reverse(), dropped: 2 });
    assert.deepEqual(readdirSync(queue).sort(), tidied.names);
  }));

test("tidyQueue drops what is older than 7 days", () =>
  inState((state, queue) => {
    put(queue, now - 8 * day);
    const young = put(queue, now - 6 * day);
    assert.deepEqual(tidyQueue(state, now, limits), { names: [young], dropped: 1 });
  }));

test("tidyQueue counts the age anew when the clock was set by years in either direction", () =>
  inState((state, queue) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.boolean(), (years, isForward) => {
        put(queue, isForward ? now - years * year : now + years * year);
        const { names, dropped } = tidyQueue(state, now, limits);
        assert.equal(dropped, 0);
        assert.deepEqual(names.map(recordedAt), [now]);
        assert.equal(tidyQueue(state, now + 8 * day, limits).dropped, 1);
      }),
      { seed: 4, numRuns: 20 },
    );
  }));

test("tidyQueue removes strays of every kind and leaves a file alone that is still being written", () =>
  inState((state, queue) => {
    const waiting = put(queue, now);
    writeFileSync(join(queue, "notes.txt"), "");
    mkdirSync(join(queue, "folder/in/folder"), { recursive: true });
    symlinkSync("/etc/passwd", join(queue, "link"));
    const left = `.${fileNameOf(now, crypto.randomUUID())}`;
    const current = `.${fileNameOf(now, crypto.randomUUID())}`;
    for (const name of [left, current]) writeFileSync(join(queue, name), "{");
    utimesSync(join(queue, left), new Date(now - 2 * hour), new Date(now - 2 * hour));
    utimesSync(join(queue, current), new Date(now), new Date(now));
    assert.deepEqual(tidyQueue(state, now, limits), { names: [waiting], dropped: 0 });
    assert.deepEqual(readdirSync(queue).sort(), [current, waiting].sort());
    assert.ok(existsSync("/etc/passwd"));
  }));

test("readQueued tells signals from whatever else lies there", () =>
  inState((state, queue) => {
    const texts: [text: string, kind: string][] = [
      [entry, "signal"],
      ["", "damaged"],
      [entry.slice(0, -1), "damaged"],
      ["null", "damaged"],
      ["[]", "damaged"],
      ["\0\x01\x02", "damaged"],
      [JSON.stringify({ url: "https://example.org/v2/", signal: null }), "damaged"],
      [JSON.stringify({ url: "http://example.org/v2/", signal: {} }), "damaged"],
      [JSON.stringify({ url: "file:///etc/passwd", signal: {} }), "damaged"],
      [JSON.stringify({ url: "https://example.org/v2/", signal: "x".repeat(100_000) }), "damaged"],
    ];
    for (const [text, kind] of texts) {
      assert.equal(readQueued(state, put(queue, now, text), limits).kind, kind, text.slice(0, 80));
    }
    const folder = fileNameOf(now, crypto.randomUUID());
    mkdirSync(join(queue, folder));
    assert.equal(readQueued(state, folder, limits).kind, "damaged");
    const link = fileNameOf(now, crypto.randomUUID());
    symlinkSync(join(queue, put(queue, now)), join(queue, link));
    assert.equal(readQueued(state, link, limits).kind, "damaged");
    assert.equal(readQueued(state, fileNameOf(now, crypto.randomUUID()), limits).kind, "gone");
  }));

test("readQueued never throws when a file holds any bytes", () =>
  inState((state, queue) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const name = fileNameOf(now, crypto.randomUUID());
        writeFileSync(join(queue, name), bytes);
        assert.equal(readQueued(state, name, limits).kind, "damaged");
      }),
      { seed: 4 },
    );
  }));

test("setAside keeps the youngest when there are too many", () =>
  inState((state, queue) => {
    const names = Array.from({ length: 5 }, (_, index) => put(queue, now + index));
    for (const name of names) setAside(state, name, { ...limits, rejectedLength: 3 });
    assert.deepEqual(readdirSync(queue), []);
    assert.equal(countRejected(state), 3);
    assert.deepEqual(readdirSync(state.rejected).sort(), names.slice(2));
  }));
