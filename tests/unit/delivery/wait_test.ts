import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isYieldRequested, lockCourier } from "../../../lib/delivery/courier_lock.ts";
import type { CourierCommand } from "../../../lib/delivery/courier_start.ts";
import { writeDeliveryState } from "../../../lib/delivery/delivery_state.ts";
import { system } from "../../../lib/system/mod.ts";
import { awaitDelivery } from "../../../lib/delivery/wait.ts";
import {
  endpoint,
  type FakeState,
  type FakeSurroundings,
  inFakeState,
  start,
  toldBy,
} from "../../helpers/fake_surroundings.ts";

function waitFor(
  state: FakeState,
  outside: FakeSurroundings,
  name: string,
  limit: number,
  courier?: CourierCommand,
): Promise<string> {
  return toldBy(() => awaitDelivery({ state, url: endpoint, name }, limit, courier, outside));
}

test("awaitDelivery() waits until the signal has left the queue", () =>
  inFakeState(async (state, outside) => {
    const name = state.put("a");
    outside.onPause = () => {
      if (outside.pauses.length === 3) rmSync(join(state.queue, name));
    };
    assert.equal(await waitFor(state, outside, name, 5_000), "2: gs-telemetry: the signal is delivered\n");
    assert.deepEqual(outside.pauses, [20, 20, 20]);
    await waitFor(state, outside, name, 5_000);
    assert.equal(outside.pauses.length, 3);
  }));

test("awaitDelivery() says if the server has refused the signal", () =>
  inFakeState(async (state, outside) => {
    const name = state.put("a");
    mkdirSync(state.rejected);
    renameSync(join(state.queue, name), join(state.rejected, name));
    const told = "2: gs-telemetry: the server has refused the signal for good\n";
    assert.equal(await waitFor(state, outside, name, 5_000), told);
  }));

test("awaitDelivery() ends when the time is up, and not before", () =>
  inFakeState(async (state, outside) => {
    const name = state.put("a");
    assert.equal(await waitFor(state, outside, name, 50), "2: gs-telemetry: time is up\n");
    assert.deepEqual(outside.pauses, [20, 20, 10]);
  }));

test("awaitDelivery() ends at once if the server is left alone for longer than the limit", () =>
  inFakeState(async (state, outside) => {
    const name = state.put("a");
    const backoff = { failures: 1, unanswered: 1, since: start - 1_000, delay: 6_000 };
    writeDeliveryState(state, { dropped: 0, backoffs: { "https://example.org": backoff } }, start);
    const told = "2: gs-telemetry: the server is left alone for now\n";
    assert.equal(await waitFor(state, outside, name, 5_000), told);
    assert.deepEqual(outside.pauses, []);
    outside.onPause = () =>
      void (outside.elapsed >= 5_000 && rmSync(join(state.queue, name), { force: true }));
    assert.equal(
      await waitFor(state, outside, name, 5_001),
      "2: gs-telemetry: the signal is delivered\n",
    );
  }));

test("awaitDelivery() asks a courier at work once a second to make way for another", () =>
  inFakeState(async (state, outside) => {
    const name = state.put("a");
    const lock = lockCourier(state);
    assert.ok(lock && lock !== "taken");
    const asked: number[] = [];
    outside.onPause = () => {
      if (!isYieldRequested(state)) return;
      asked.push(outside.elapsed);
      rmSync(state.yieldRequest);
    };
    await waitFor(state, outside, name, 3_500, ["true"]);
    assert.deepEqual(asked, [1_020, 2_020, 3_020]);
    lock.release();
  }));

test("awaitDelivery() asks nobody to make way if there is to be no courier", () =>
  inFakeState(async (state, outside) => {
    const name = state.put("a");
    const lock = lockCourier(state);
    await waitFor(state, outside, name, 1_500);
    assert.equal(isYieldRequested(state), false);
    assert.ok(lock && lock !== "taken");
    lock.release();
  }));

test("awaitDelivery() starts an urgent courier after a second if none is at work", () =>
  inFakeState(async (state, outside) => {
    const name = state.put("a");
    const { detach } = system;
    const started: [at: number, urgent: boolean][] = [];
    system.detach = (_command, _directory, variables) => {
      started.push([outside.elapsed, variables.GS_TELEMETRY_COURIER === "urgent"]);
      return true;
    };
    try {
      await waitFor(state, outside, name, 2_500, ["true"]);
    } finally {
      system.detach = detach;
    }
    assert.deepEqual(started, [[1_000, true], [2_000, true]]);
    assert.equal(isYieldRequested(state), false);
  }));
