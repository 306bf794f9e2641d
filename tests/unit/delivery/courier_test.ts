import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { deliverQueue, runCourier } from "../../../lib/delivery/courier.ts";
import { system } from "../../../lib/system/mod.ts";
import { isCourierAtWork, lockCourier, requestYield } from "../../../lib/delivery/courier_lock.ts";
import {
  beforeEachRelease,
  inFakeState,
  start,
  taken,
  unavailable,
} from "../../helpers/fake_surroundings.ts";

test("deliverQueue() delivers with the lock in its hand and gives it back", () =>
  inFakeState(async (state, outside) => {
    state.put("a");
    outside.answer = () => {
      assert.equal(isCourierAtWork(state), true);
      return taken;
    };
    const progress: number[] = [];
    await deliverQueue(state, { gathers: true, onProgress: (count) => progress.push(count) }, outside);
    assert.deepEqual(outside.requests.map(({ types, at }) => [types, at]), [[["a"], 250]]);
    assert.deepEqual([progress, isCourierAtWork(state), state.waiting()], [[1], false, []]);
  }));

test("deliverQueue() leaves delivery to whoever has the lock, after a short wait", () =>
  inFakeState(async (state, outside) => {
    state.put("a");
    const lock = lockCourier(state);
    await deliverQueue(state, { gathers: false }, outside);
    assert.deepEqual([outside.requests, outside.elapsed], [[], 200]);
    assert.ok(lock && lock !== "taken");
    lock.release();
  }));

test("deliverQueue() delivers again if a signal came when it had just looked", () =>
  inFakeState(async (state, outside) => {
    state.put("a");
    let releases = 0;
    const putOnce = () => void (releases++ === 0 && state.put("b"));
    await beforeEachRelease(putOnce, () => deliverQueue(state, { gathers: false }, outside));
    assert.deepEqual(outside.requests.map(({ types }) => types), [["a"], ["b"]]);
    assert.equal(releases, 2);
  }));

test("deliverQueue() does not stay for signals that have to wait", () =>
  inFakeState(async (state, outside) => {
    outside.limits = { ...outside.limits, patience: 9_999 };
    state.put("a");
    outside.answer = () => unavailable;
    await deliverQueue(state, { gathers: false }, outside);
    assert.deepEqual([outside.requests.length, state.waiting().length], [1, 1]);
  }));

test("deliverQueue() stays as long as its patience says", () =>
  inFakeState(async (state, outside) => {
    state.put("a");
    outside.answer = (_, index) => index < 2 ? unavailable : taken;
    await deliverQueue(state, { gathers: false }, outside);
    assert.deepEqual(outside.requests.map(({ at }) => at), [0, 10_000, 30_000]);
  }));

test("deliverQueue() makes way for whoever asks to take over, and goes on if nobody does", () =>
  inFakeState(async (state, outside) => {
    outside.limits = { ...outside.limits, batchLength: 1 };
    for (const type of ["a", "b"]) state.put(type);
    outside.answer = (_, index) => {
      if (index === 0) requestYield(state);
      return taken;
    };
    outside.onPause = () => assert.equal(isCourierAtWork(state), false);
    await deliverQueue(state, { gathers: false }, outside);
    assert.deepEqual(outside.requests.map(({ types, at }) => [types, at]), [[["a"], 0], [["b"], 200]]);
    assert.deepEqual(outside.pauses, [200]);
  }));

test("deliverQueue() obeys a back-off", () =>
  inFakeState(async (state, outside) => {
    outside.limits = { ...outside.limits, patience: 0 };
    state.put("a");
    outside.answer = () => unavailable;
    await deliverQueue(state, { gathers: false }, outside);
    await deliverQueue(state, { gathers: false }, outside);
    assert.equal(outside.requests.length, 1);
    assert.equal(outside.now(), start);
  }));

/** Runs a test with these variables, and returns the alarms that it has set. */
async function alarmsOf(variables: Record<string, string>, act: () => Promise<void>): Promise<number[]> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  const { setAlarm } = system;
  const alarms: number[] = [];
  system.setAlarm = (seconds) => void alarms.push(seconds);
  Object.assign(process.env, variables);
  try {
    await act();
    return alarms;
  } finally {
    system.setAlarm = setAlarm;
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

test("runCourier() sets an alarm for when it hangs and refreshes the cache, and does nothing without consent", () =>
  inFakeState(async ({ path }) => {
    const env = { XDG_STATE_HOME: path, XDG_CONFIG_HOME: path, GS_TELEMETRY_COURIER: "urgent" };
    assert.deepEqual(await alarmsOf({ ...env, DO_NOT_TRACK: "1" }, runCourier), []);
    assert.deepEqual(await alarmsOf({ ...env, XDG_STATE_HOME: "", HOME: "" }, runCourier), []);
    const profiles = join(path, "gs-telemetry/profiles");
    mkdirSync(profiles, { recursive: true });
    writeFileSync(join(profiles, "acme.json"), "{}");
    assert.deepEqual(await alarmsOf({ ...env, DO_NOT_TRACK: "" }, runCourier), [180]);
    assert.ok(existsSync(join(path, "gs-telemetry/profiles.cache")));
  }));
