import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import {
  isCourierAtWork,
  isYieldRequested,
  lockCourier,
  requestYield,
} from "../../../lib/delivery/courier_lock.ts";
import { flushFor, type FlushOptions, type FlushResult } from "../../../lib/delivery/flush.ts";
import { enqueue } from "../../../lib/delivery/queue.ts";
import { findStateDirectory, type StateDirectory } from "../../../lib/directories/state_directory.ts";
import type { Signal } from "../../../lib/signal/signal.ts";
import { system } from "../../../lib/system/mod.ts";
import {
  beforeEachRelease,
  endpoint,
  FakeSurroundings,
  start,
  taken,
  unavailable,
} from "../../helpers/fake_surroundings.ts";

interface Flushing {
  readonly state: StateDirectory;
  readonly outside: FakeSurroundings;
  put(type: string): void;
  flush(options?: FlushOptions, variables?: Record<string, string>): Promise<FlushResult>;
}

async function flushing(test: (flushing: Flushing) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "gs-telemetry-test-"));
  const environment = (more: Record<string, string>) => (name: string) =>
    ({ XDG_STATE_HOME: home, XDG_CONFIG_HOME: home, ...more } as Record<string, string>)[name];
  const state = findStateDirectory(environment({}))!;
  const outside = new FakeSurroundings();
  let count = 0;
  const put = (type: string) => {
    assert.ok(enqueue(state, { url: endpoint, signal: { type } as Signal }, start - 1_000 + count++));
  };
  const flush = (options: FlushOptions = {}, more: Record<string, string> = {}) =>
    flushFor(environment(more), options, outside);
  try {
    await test({ state, outside, put, flush });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

test("flush() says that nothing waits, without a home or a queue, and makes no directory", () =>
  flushing(async ({ state, flush, outside }) => {
    assert.deepEqual(await flush(), { outcome: "empty", waiting: 0 });
    assert.equal(existsSync(state.path), false);
    assert.deepEqual(await flushFor(() => undefined, {}, outside), { outcome: "empty", waiting: 0 });
  }));

test("flush() sends all that waits, with the lock in its hand, and tells how far it is", () =>
  flushing(async ({ state, outside, put, flush }) => {
    outside.limits = { ...outside.limits, batchLength: 2 };
    for (const type of ["a", "b", "c"]) put(type);
    outside.answer = () => {
      assert.equal(isCourierAtWork(state), true);
      return taken;
    };
    const told: string[] = [];
    const onStart = (count: number) => void told.push(`of ${count}`);
    const onProgress = (count: number) => void told.push(`${count}`);
    assert.deepEqual(await flush({ onStart, onProgress }), { outcome: "delivered", waiting: 0 });
    assert.deepEqual(told, ["of 3", "2", "3"]);
    assert.deepEqual(outside.pauses, []);
    assert.equal(isCourierAtWork(state), false);
  }));

test("flush() also sends what comes while it delivers, and says only once how much there was", () =>
  flushing(async ({ outside, put, flush }) => {
    put("a");
    let releases = 0;
    const putOnce = () => void (releases++ === 0 && put("b"));
    const told: number[] = [];
    const onStart = (count: number) => void told.push(count);
    await beforeEachRelease(putOnce, async () => {
      assert.deepEqual(await flush({ onStart }), { outcome: "delivered", waiting: 0 });
    });
    assert.deepEqual(outside.requests.map(({ types }) => types), [["a"], ["b"]]);
    assert.deepEqual(told, [1]);
  }));

test("flush() says how much waits and why, and does not obey a back-off", () =>
  flushing(async ({ outside, put, flush }) => {
    for (const type of ["a", "b"]) put(type);
    outside.answer = () => unavailable;
    const waiting = { outcome: "waiting", waiting: 2, reason: "status 503" };
    assert.deepEqual(await flush(), waiting);
    assert.deepEqual(await flush(), waiting);
    assert.equal(outside.requests.length, 2);
  }));

test("flush() ends when its time is up", () =>
  flushing(async ({ outside, put, flush }) => {
    put("a");
    outside.elapsed = 1_000;
    outside.answer = ({ timeout }) => {
      assert.equal(timeout, 5_000);
      outside.elapsed += timeout;
      return { kind: "failed", answered: false, reason: "no answer in 5 s" };
    };
    assert.deepEqual(await flush({ timeout: 5_000 }), {
      outcome: "waiting",
      waiting: 1,
      reason: "time is up",
    });
  }));

test("flush() asks a courier at work to yield, and says so if it does not in time", () =>
  flushing(async ({ state, outside, put, flush }) => {
    put("a");
    const lock = lockCourier(state);
    assert.ok(lock && lock !== "taken");
    outside.onPause = () => assert.equal(isYieldRequested(state), true);
    const reason = "another process is sending";
    assert.deepEqual(await flush({ timeout: 100 }), { outcome: "waiting", waiting: 1, reason });
    assert.equal(outside.elapsed, 100);
    outside.onPause = () => lock.release();
    assert.deepEqual(await flush(), { outcome: "delivered", waiting: 0 });
  }));

test("flush() does not yield to others", () =>
  flushing(async ({ state, outside, put, flush }) => {
    outside.limits = { ...outside.limits, batchLength: 1 };
    for (const type of ["a", "b"]) put(type);
    outside.answer = () => {
      requestYield(state);
      return taken;
    };
    assert.equal((await flush()).outcome, "delivered");
  }));

test("flush() says if there can be no lock", () =>
  flushing(async ({ put, flush }) => {
    put("a");
    const { lock } = system;
    system.lock = () => undefined;
    const result = await flush().finally(() => system.lock = lock);
    const reason = "its directory cannot be locked";
    assert.deepEqual(result, { outcome: "waiting", waiting: 1, reason });
  }));

test("flush() gives the lock back if it is interrupted", () =>
  flushing(async ({ state, put, flush }) => {
    put("a");
    const onStart = () => Promise.reject(new Error("interrupted"));
    await assert.rejects(flush({ onStart }), { message: "interrupted" });
    assert.equal(isCourierAtWork(state), false);
  }));

test("flush() deletes what waits if the user has opted out, and sends nothing", () =>
  flushing(async ({ state, outside, put, flush }) => {
    put("a");
    assert.deepEqual(await flush({}, { DO_NOT_TRACK: "1" }), {
      outcome: "off",
      waiting: 0,
      reason: "DO_NOT_TRACK",
    });
    assert.deepEqual([outside.requests, existsSync(state.queue)], [[], false]);
  }));

test("flush() throws if the timeout is not a number", () =>
  flushing(async ({ flush }) => {
    await assert.rejects(flush({ timeout: NaN }), {
      name: "UsageError",
      message: "timeout is 'NaN' but should be a number of milliseconds",
    });
  }));

test("flush() sends and deletes nothing in a dry run, and says so", () =>
  flushing(async ({ state, outside, put, flush }) => {
    put("a");
    process.env.GS_TELEMETRY_DRY_RUN = "1";
    try {
      const reason = "this is a dry run";
      assert.deepEqual(await flush(), { outcome: "waiting", waiting: 1, reason });
      assert.equal((await flush({}, { DO_NOT_TRACK: "1" })).outcome, "off");
    } finally {
      delete process.env.GS_TELEMETRY_DRY_RUN;
    }
    assert.deepEqual([outside.requests, existsSync(state.queue)], [[], true]);
  }));
