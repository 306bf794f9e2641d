import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { test } from "node:test";
import {
  awaitLock,
  isCourierAtWork,
  isYieldRequested,
  lockCourier,
  type LockResult,
  requestYield,
} from "../../../lib/delivery/courier_lock.ts";
import { StateDirectory } from "../../../lib/directories/state_directory.ts";
import type { Lock } from "../../../lib/system/mod.ts";
import { inFakeState } from "../../helpers/fake_surroundings.ts";

function held(lock: LockResult): Lock {
  assert.ok(lock && lock !== "taken");
  return lock;
}

test("lockCourier() gives the lock to one at a time", () =>
  inFakeState((state) => {
    assert.equal(isCourierAtWork(state), false);
    const lock = held(lockCourier(state));
    assert.equal(lockCourier(state), "taken");
    assert.equal(isCourierAtWork(state), true);
    lock.release();
    assert.equal(isCourierAtWork(state), false);
    held(lockCourier(state)).release();
  }));

test("lockCourier() gives nothing if there can be no lock, and no courier is at work then", () => {
  const state = new StateDirectory("/no/such/directory");
  assert.equal(lockCourier(state), undefined);
  assert.equal(isCourierAtWork(state), false);
});

test("awaitLock() takes a free lock at once and forgets the request to yield", () =>
  inFakeState(async (state, outside) => {
    requestYield(state);
    assert.equal(isYieldRequested(state), true);
    const lock = held(await awaitLock(state, { deadline: 0, requestsYield: false }, outside));
    assert.equal(isYieldRequested(state), false);
    assert.deepEqual(outside.pauses, []);
    lock.release();
  }));

test("awaitLock() waits for the lock, asking its holder to yield if it is to", () =>
  inFakeState(async (state, outside) => {
    for (const requestsYield of [true, false]) {
      const lock = held(lockCourier(state));
      outside.pauses.length = 0;
      outside.onPause = () => {
        assert.equal(isYieldRequested(state), requestsYield);
        if (outside.pauses.length === 3) lock.release();
      };
      const deadline = outside.uptime() + 1_000;
      held(await awaitLock(state, { deadline, requestsYield }, outside)).release();
      assert.deepEqual(outside.pauses, [20, 20, 20]);
      assert.equal(isYieldRequested(state), false);
    }
  }));

test("awaitLock() gives up at the deadline and takes back only its own request", () =>
  inFakeState(async (state, outside) => {
    const lock = held(lockCourier(state));
    assert.equal(await awaitLock(state, { deadline: 40, requestsYield: true }, outside), "taken");
    assert.deepEqual([outside.pauses, isYieldRequested(state)], [[20, 20], false]);
    requestYield(state);
    assert.equal(await awaitLock(state, { deadline: 40, requestsYield: false }, outside), "taken");
    assert.deepEqual([outside.pauses.length, isYieldRequested(state)], [2, true]);
    lock.release();
  }));

test("awaitLock() does not wait if there can be no lock", () =>
  inFakeState(async (state, outside) => {
    rmSync(state.path, { recursive: true });
    assert.equal(await awaitLock(state, { deadline: 1_000, requestsYield: true }, outside), undefined);
    assert.deepEqual([outside.pauses, existsSync(state.path)], [[], false]);
  }));
