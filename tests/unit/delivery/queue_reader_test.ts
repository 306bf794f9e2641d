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
  isWritableQueue,
  listQueue,
  readQueued,
  recordedAt,
  removeQueued,
  setAside,
  tidyQueue,
} from "../../../lib/delivery/queue_reader.ts";
import { fileNameOf } from "../../../lib/delivery/queue.ts";
import { withFiles } from "../../helpers/fake_surroundings.ts";

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

for (const [age, dropped] of [[7 * day, 0], [7 * day + 1, 1]] as const) {
  test(`tidyQueue() drops ${dropped} signals of an age of ${age} ms`, () =>
    inState((state, queue) => {
      const name = put(queue, now - age);
      assert.deepEqual(tidyQueue(state, now, limits), { names: dropped ? [] : [name], dropped });
      assert.equal(existsSync(join(queue, name)), dropped === 0);
    }));
}

test("tidyQueue() drops the many that are too old, whatever the number allowed", () =>
  inState((state, queue) => {
    for (let count = 0; count < 3; count++) put(queue, now - 8 * day + count);
    const young = [put(queue, now - 1), put(queue, now)];
    assert.deepEqual(tidyQueue(state, now, { ...limits, queueLength: 4 }), { names: young, dropped: 3 });
  }));

for (
  const [offset, isKept] of [[day, true], [day + 1, false], [-180 * day, true], [
    -180 * day - 1,
    false,
  ]] as const
) {
  test(`tidyQueue() ${isKept ? "believes" : "does not believe"} a time stamp ${offset} ms from now`, () =>
    inState((state, queue) => {
      const name = put(queue, now + offset);
      const { names } = tidyQueue(state, now, { ...limits, queueAge: Infinity });
      const expected = isKept ? name : name.replace(/^\d+/, String(now).padStart(15, "0"));
      assert.deepEqual([names, readdirSync(queue)], [[expected], [expected]]);
    }));
}

test("tidyQueue() keeps the name of a file that it cannot rename", () =>
  inState((state, queue) => {
    const name = put(queue, now - year);
    mkdirSync(join(queue, name.replace(/^\d+/, String(now).padStart(15, "0")), "folder"), {
      recursive: true,
    });
    assert.ok(tidyQueue(state, now, { ...limits, queueAge: Infinity }).names.includes(name));
  }));

test("tidyQueue() removes an unfinished file when it is an hour old by either clock", () =>
  inState((state, queue) => {
    const cases = [[-hour, false], [1 - hour, true], [hour - 1, true], [hour, false]] as const;
    for (const [offset, isKept] of cases) {
      const unfinished = `.${fileNameOf(now, crypto.randomUUID())}`;
      writeFileSync(join(queue, unfinished), "{");
      utimesSync(join(queue, unfinished), new Date(now + offset), new Date(now + offset));
      tidyQueue(state, now, limits);
      assert.equal(existsSync(join(queue, unfinished)), isKept, String(offset));
    }
  }));

test("tidyQueue() removes no strays of a directory that is a link", () =>
  inState((state, queue) => {
    const elsewhere = join(state.path, "elsewhere");
    mkdirSync(elsewhere);
    rmSync(queue, { recursive: true });
    symlinkSync(elsewhere, queue);
    writeFileSync(join(elsewhere, "notes.txt"), "");
    const name = put(elsewhere, now);
    assert.deepEqual(tidyQueue(state, now, limits), { names: [name], dropped: 0 });
    assert.ok(existsSync(join(elsewhere, "notes.txt")));
  }));

test("tidyQueue(), listQueue() and countRejected() find nothing if there is no directory", () => {
  const state = new StateDirectory("/no/such/directory");
  assert.deepEqual(tidyQueue(state, now, limits), { names: [], dropped: 0 });
  assert.deepEqual([listQueue(state), countRejected(state)], [[], 0]);
  assert.equal(isWritableQueue(state), false);
});

test("listQueue() lists signals alone, oldest first", () =>
  inState((state, queue) => {
    const names = [now, now - 1, now + 1].map((at) => put(queue, at));
    for (const stray of ["notes.json", `.${names[0]}`, `${names[0]}.new`]) {
      writeFileSync(join(queue, stray), "");
    }
    assert.deepEqual(listQueue(state), [names[1], names[0], names[2]]);
    assert.equal(isWritableQueue(state), true);
  }));

test("readQueued() returns the whole signal, its address as `URL` writes it, up to the limit of bytes", () =>
  inState((state, queue) => {
    const versionCall = { executable: "acme", args: ["version"] };
    const text = JSON.stringify({ url: "https://EXAMPLE.org", signal: { type: "a" }, versionCall });
    const name = put(queue, now, text);
    const queued = { url: "https://example.org/", signal: { type: "a" }, versionCall };
    assert.deepEqual(readQueued(state, name, { ...limits, bodyLength: text.length }), {
      kind: "signal",
      queued,
    });
    assert.equal(readQueued(state, name, { ...limits, bodyLength: text.length - 1 }).kind, "damaged");
    assert.deepEqual(readQueued(state, `${name}x`, limits), { kind: "gone" });
  }));

test("readQueued() tells a file of another user from one that is gone", () =>
  inState((state, queue) => {
    const name = put(queue, now);
    const readOptional = () => ({ kind: "unreadable", reason: "Permission denied" } as const);
    const read = withFiles({ readOptional }, () => readQueued(state, name, limits));
    assert.deepEqual(read, { kind: "unreadable" });
  }));

test("removeQueued() deletes one signal and says whether it has", () =>
  inState((state, queue) => {
    const [name, other] = [put(queue, now), put(queue, now)];
    assert.equal(removeQueued(state, name), true);
    assert.deepEqual(readdirSync(queue), [other]);
  }));

test("setAside() says whether the signal has left the queue", () =>
  inState((state, queue) => {
    const name = put(queue, now);
    assert.equal(setAside(state, name, limits), true);
    assert.deepEqual([readdirSync(queue), readdirSync(state.rejected)], [[], [name]]);
    // It cannot be moved, but deleted.
    const other = put(queue, now);
    rmSync(state.rejected, { recursive: true });
    writeFileSync(state.rejected, "");
    assert.equal(setAside(state, other, limits), true);
    assert.deepEqual(readdirSync(queue), []);
  }));

test("tidyQueue() removes at once what is not being written", () =>
  inState((state, queue) => {
    const stray = join(queue, "notes.txt");
    writeFileSync(stray, "");
    utimesSync(stray, new Date(now), new Date(now));
    tidyQueue(state, now, limits);
    assert.equal(existsSync(stray), false);
  }));
