import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readUndeletable } from "../../../lib/delivery/undeletable.ts";
import { Delivery, type DeliveryOptions } from "../../../lib/delivery/delivery.ts";
import { readDeliveryState, writeDeliveryState } from "../../../lib/delivery/delivery_state.ts";
import { recordedAt } from "../../../lib/delivery/queue_reader.ts";
import {
  endpoint,
  type FakeState,
  type FakeSurroundings,
  inFakeState,
  refusedForGood,
  start,
  taken,
  toldBy,
  unavailable,
  withFiles,
} from "../../helpers/fake_surroundings.ts";

const once: DeliveryOptions = { gathers: false, ignoresBackoff: false, patience: 0, yields: false };
const other = "https://other.example/v2/";

function deliveryOf(state: FakeState, outside: FakeSurroundings, options: Partial<DeliveryOptions> = {}) {
  return new Delivery(state, { ...once, ...options }, outside);
}

function typesOf({ requests }: FakeSurroundings): string[] {
  return requests.map(({ types }) => types.join(" "));
}

test("Delivery sends all that waits in one request, oldest first, and keeps when that was", () =>
  inFakeState(async (state, outside) => {
    for (const type of ["a", "b", "c"]) state.put(type);
    const delivery = deliveryOf(state, outside);
    await delivery.run();
    assert.deepEqual(outside.requests, [{ url: endpoint, types: ["a", "b", "c"], timeout: 10_000, at: 0 }]);
    assert.equal(outside.bodies[0], '[{"type":"a"},{"type":"b"},{"type":"c"}]');
    assert.deepEqual(outside.pauses, []);
    assert.deepEqual(state.waiting(), []);
    assert.deepEqual(readDeliveryState(state), { dropped: 0, backoffs: {}, lastDelivery: start });
    assert.equal(delivery.hasNews(), false);
  }));

test("Delivery adds the hour of its run to a signal that is sent much later", () =>
  inFakeState(async (state, outside) => {
    state.put("old", endpoint, start - 2.5 * 3_600_000);
    await deliveryOf(state, outside).run();
    assert.equal(outside.bodies[0], '[{"type":"old","receivedAt":"2026-11-22T21:00:00.000Z"}]');
  }));

test("Delivery waits for more signals before each request, twice as long each time", () =>
  inFakeState(async (state, outside) => {
    state.put("first");
    outside.answer = (_, index) => {
      if (index < 7) state.put("next");
      return taken;
    };
    await deliveryOf(state, outside, { gathers: true }).run();
    const times = [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000];
    const waits = outside.requests.map(({ at }, index) => at - (outside.requests[index - 1]?.at ?? 0));
    assert.deepEqual(waits, times);
    assert.deepEqual(outside.pauses.slice(0, 8), [100, 100, 50, 100, 100, 100, 100, 100]);
  }));

test("Delivery sends full batches at once and the rest after them, each address by itself", () =>
  inFakeState(async (state, outside) => {
    outside.limits = { ...outside.limits, batchLength: 2 };
    for (const type of ["a", "b"]) state.put(type);
    state.put("x", other);
    for (const type of ["c", "d", "e"]) state.put(type);
    await deliveryOf(state, outside).run();
    assert.deepEqual(typesOf(outside), ["a b", "c d", "e", "x"]);
    assert.deepEqual(outside.requests.map(({ url }) => url), [endpoint, endpoint, endpoint, other]);
  }));

test("Delivery halves a batch that is refused and sets the bad signal aside", () =>
  inFakeState(async (state, outside) => {
    const names = ["a", "b", "c", "d", "e"].map((type) => state.put(type));
    outside.answer = ({ types }) => types.includes("d") ? refusedForGood : taken;
    const settled: number[] = [];
    const onProgress = (count: number) => settled.push(count);
    await deliveryOf(state, outside, { gathers: true, onProgress }).run();
    assert.deepEqual(typesOf(outside), ["a b c d e", "a b c", "d e", "d", "e"]);
    // All in one pass: before another it would wait.
    assert.ok(outside.requests.every(({ at }) => at === 250));
    assert.deepEqual(settled, [3, 4, 5]);
    assert.deepEqual(state.waiting(), []);
    assert.deepEqual(readdirSync(state.rejected), [names[3]]);
    assert.deepEqual(readDeliveryState(state).lastError, {
      at: start + 250,
      reason: "status 400, for good: the signal was set aside",
    });
  }));

test("Delivery keeps what a server did not take, and says whether more has come since", () =>
  inFakeState(async (state, outside) => {
    const name = state.put("a");
    outside.answer = () => unavailable;
    const delivery = deliveryOf(state, outside);
    await delivery.run();
    assert.deepEqual(typesOf(outside), ["a"]);
    assert.deepEqual(state.waiting(), [name]);
    assert.deepEqual(readDeliveryState(state), {
      dropped: 0,
      lastError: { at: start, reason: "status 503" },
      backoffs: {
        "https://example.org": { failures: 1, unanswered: 0, since: start, delay: 10_000 },
      },
    });
    assert.equal(delivery.hasNews(), false);
    state.put("b");
    assert.equal(delivery.hasNews(), true);
  }));

test("Delivery tries again when the back-off is over, if its patience lasts that long", () =>
  inFakeState(async (state, outside) => {
    state.put("a");
    outside.answer = (_, index) => index === 0 ? unavailable : taken;
    await deliveryOf(state, outside, { patience: 9_999 }).run();
    assert.deepEqual(outside.requests.map(({ at }) => at), [0]);
    rmSync(state.deliveryState);
    outside.requests.length = 0;
    await deliveryOf(state, outside, { patience: 10_000 }).run();
    assert.deepEqual(outside.requests.map(({ at }) => at), [0, 10_000]);
    assert.equal(outside.pauses.length, 100);
    assert.deepEqual(state.waiting(), []);
    assert.deepEqual(readDeliveryState(state).backoffs, {});
  }));

test("Delivery counts its patience from the last progress", () =>
  inFakeState(async (state, outside) => {
    state.put("a");
    outside.answer = ({ at }, index) => {
      if (index === 1) state.put("b");
      return index === 0 || index === 2 && at === 10_000 ? unavailable : taken;
    };
    await deliveryOf(state, outside, { patience: 10_000 }).run();
    assert.deepEqual(outside.requests.map(({ at }) => at), [0, 10_000, 10_000, 20_000]);
  }));

test("Delivery leaves a server in a back-off alone and sends to the others", () =>
  inFakeState(async (state, outside) => {
    const left = state.put("a");
    state.put("x", other);
    const backoff = { failures: 1, unanswered: 1, since: start, delay: 5_000 };
    writeDeliveryState(state, { dropped: 0, backoffs: { "https://example.org": backoff } }, start);
    const delivery = deliveryOf(state, outside);
    await delivery.run();
    assert.deepEqual(typesOf(outside), ["x"]);
    assert.deepEqual(state.waiting(), [left]);
    assert.equal(delivery.hasNews(), false);
  }));

test("Delivery tries a server in a back-off once if it is told to", () =>
  inFakeState(async (state, outside) => {
    outside.limits = { ...outside.limits, batchLength: 1 };
    for (const type of ["a", "b"]) state.put(type);
    const backoff = { failures: 1, unanswered: 1, since: start, delay: 5_000 };
    writeDeliveryState(state, { dropped: 0, backoffs: { "https://example.org": backoff } }, start);
    outside.answer = () => unavailable;
    const delivery = deliveryOf(state, outside, { ignoresBackoff: true });
    await delivery.run();
    assert.deepEqual(typesOf(outside), ["a"]);
    assert.equal(delivery.hasNews(), false);
    assert.equal(readDeliveryState(state).backoffs["https://example.org"].failures, 2);
  }));

test("Delivery sends nothing, now and later, when consent is withdrawn", () =>
  inFakeState(async (state, outside) => {
    outside.limits = { ...outside.limits, batchLength: 1 };
    const names = ["a", "b", "c"].map((type) => state.put(type));
    outside.answer = () => {
      outside.isAllowed = false;
      return taken;
    };
    const delivery = deliveryOf(state, outside);
    await delivery.run();
    assert.deepEqual(typesOf(outside), ["a"]);
    assert.deepEqual(state.waiting(), names.slice(1));
    outside.isAllowed = true;
    assert.equal(delivery.hasNews(), false);
    await delivery.run();
    assert.deepEqual(typesOf(outside), ["a"]);
  }));

test("Delivery does not send what was deleted meanwhile", () =>
  inFakeState(async (state, outside) => {
    outside.limits = { ...outside.limits, batchLength: 2 };
    const names = ["a", "b", "c", "d", "e"].map((type) => state.put(type));
    outside.answer = (_, index) => {
      const gone = index === 0 ? [names[2]] : [names[4]];
      for (const name of gone) rmSync(join(state.queue, name));
      return taken;
    };
    await deliveryOf(state, outside).run();
    assert.deepEqual(typesOf(outside), ["a b", "d"]);
  }));

test("Delivery sends no empty request when all of a batch was deleted meanwhile", () =>
  inFakeState(async (state, outside) => {
    state.put("a");
    const name = state.put("x", other);
    outside.answer = () => {
      rmSync(join(state.queue, name));
      return taken;
    };
    await deliveryOf(state, outside).run();
    assert.deepEqual(typesOf(outside), ["a"]);
  }));

test("Delivery ends at its deadline, and no request may take longer", () =>
  inFakeState(async (state, outside) => {
    outside.limits = { ...outside.limits, batchLength: 1 };
    const names = ["a", "b", "c", "d"].map((type) => state.put(type));
    outside.answer = (_, index) => {
      outside.elapsed += [3_000, 8_000.5, 999.5][index];
      return taken;
    };
    await deliveryOf(state, outside, { deadline: 12_000 }).run();
    assert.deepEqual(outside.requests.map(({ timeout }) => timeout), [10_000, 9_000, 1_000]);
    assert.deepEqual(state.waiting(), names.slice(3));
  }));

test("Delivery begins nothing when its deadline has come", () =>
  inFakeState(async (state, outside) => {
    state.put("a");
    await deliveryOf(state, outside, { deadline: 0 }).run();
    assert.deepEqual(outside.requests, []);
    await deliveryOf(state, outside, { deadline: 0.5 }).run();
    assert.deepEqual(outside.requests.map(({ timeout }) => timeout), [1]);
  }));

const cutOff = { kind: "failed", answered: false, reason: "no answer in 5 s" } as const;

for (const [outcome, failures, lateness] of [[cutOff, 0, 0], [cutOff, 1, -1], [unavailable, 1, 0]] as const) {
  test(`Delivery blames the server ${failures} times: ${outcome.reason}, ${lateness} ms after the deadline`, () =>
    inFakeState(async (state, outside) => {
      const name = state.put("a");
      outside.answer = () => {
        outside.elapsed = 5_000 + lateness;
        return outcome;
      };
      const delivery = deliveryOf(state, outside, { deadline: 5_000 });
      await delivery.run();
      assert.equal(Object.keys(readDeliveryState(state).backoffs).length, failures);
      assert.deepEqual([state.waiting(), delivery.hasNews()], [[name], false]);
    }));
}

for (const [took, requests] of [[60_000, 2], [60_001, 1]] as const) {
  test(`Delivery makes ${requests} requests when ${took} ms pass without progress`, () =>
    inFakeState(async (state, outside) => {
      outside.elapsed = 40_000;
      state.put("a");
      state.put("x", other);
      outside.answer = () => {
        outside.elapsed += took;
        return unavailable;
      };
      await deliveryOf(state, outside).run();
      assert.equal(outside.requests.length, requests);
    }));
}

test("Delivery ends before the next request when somebody asks to take over", () =>
  inFakeState(async (state, outside) => {
    outside.limits = { ...outside.limits, batchLength: 1 };
    const names = ["a", "b", "c"].map((type) => state.put(type));
    outside.answer = () => {
      writeFileSync(state.yieldRequest, "");
      return taken;
    };
    const delivery = deliveryOf(state, outside, { yields: true });
    await delivery.run();
    assert.deepEqual(state.waiting(), names.slice(1));
    assert.equal(delivery.hasNews(), false);
    await deliveryOf(state, outside).run();
    assert.deepEqual(typesOf(outside), ["a", "b", "c"]);
  }));

test("Delivery ends a pause when somebody asks to take over", () =>
  inFakeState(async (state, outside) => {
    state.put("a");
    outside.onPause = () => writeFileSync(state.yieldRequest, "");
    await deliveryOf(state, outside, { gathers: true, yields: true }).run();
    assert.deepEqual([outside.pauses, outside.requests], [[100], []]);
  }));

test("Delivery deletes damaged files and counts them with those that are too old", () =>
  inFakeState(async (state, outside) => {
    state.putText("{");
    state.put("old", endpoint, start - 8 * 24 * 3_600_000);
    state.put("a");
    await deliveryOf(state, outside).run();
    assert.deepEqual(typesOf(outside), ["a"]);
    assert.deepEqual([state.waiting(), readDeliveryState(state).dropped], [[], 2]);
  }));

test("Delivery asks for no version if the tool is not there, and sends the signal as it is", () =>
  inFakeState(async (state, outside) => {
    const versionCall = { executable: "no-such-tool", args: ["version"] };
    state.putText(JSON.stringify({ url: endpoint, signal: { type: "a" }, versionCall }));
    await deliveryOf(state, outside).run();
    assert.equal(outside.bodies[0], '[{"type":"a"}]');
    assert.equal(existsSync(state.toolVersions), false);
  }));

test("Delivery tells what was sent and what became of it, if GS_TELEMETRY_DEBUG is 1", () =>
  inFakeState(async (state, outside) => {
    state.put("a");
    const told = await toldBy(() => deliveryOf(state, outside).run());
    const lines = ['gs-telemetry: signal: {"type":"a"}', `gs-telemetry: 1 sent to ${endpoint}: taken`];
    assert.equal(told, lines.map((line) => `2: ${line}\n`).join(""));
    state.put("a");
    assert.equal(await toldBy(() => deliveryOf(state, outside).run(), "0"), "");
  }));

test("Delivery gives up only what is too old by the clock, not by the order of names", () =>
  inFakeState(async (state, outside) => {
    const future = state.put("a", endpoint, start + 400 * 24 * 3_600_000);
    outside.answer = () => unavailable;
    await deliveryOf(state, outside).run();
    const [name] = state.waiting();
    assert.notEqual(name, future);
    assert.equal(recordedAt(name), start);
  }));

for (const [what, answer] of [["was delivered", taken], ["was refused", refusedForGood]] as const) {
  test(`Delivery ends if it can neither delete nor remember what ${what}, which it would send again`, () =>
    inFakeState(async (state, outside) => {
      outside.limits = { ...outside.limits, batchLength: 1 };
      for (const type of ["a", "b"]) state.put(type);
      outside.answer = () => answer;
      const delivery = deliveryOf(state, outside);
      const failed = { done: false, reason: "read-only" } as const;
      const noneOf = { removeTree: () => failed, replace: () => failed, rename: () => false };
      await withFiles(noneOf, () => delivery.run());
      assert.deepEqual([typesOf(outside), state.waiting().length], [["a"], 2]);
      assert.equal(delivery.hasNews(), false);
    }));

  test(`Delivery remembers what ${what} and cannot be deleted, and sends it once`, () =>
    inFakeState(async (state, outside) => {
      outside.limits = { ...outside.limits, batchLength: 1 };
      for (const type of ["a", "b"]) state.put(type);
      outside.answer = () => answer;
      const failed = { done: false, reason: "read-only" } as const;
      const delivery = deliveryOf(state, outside);
      await withFiles({ removeTree: () => failed, rename: () => false }, async () => {
        await delivery.run();
        await deliveryOf(state, outside).run();
      });
      assert.deepEqual(typesOf(outside), ["a", "b"]);
      assert.equal(delivery.hasNews(), false);
      assert.equal(readUndeletable(state).size, 2);
      await deliveryOf(state, outside).run();
      assert.deepEqual([typesOf(outside), state.waiting(), readUndeletable(state).size], [["a", "b"], [], 0]);
    }));
}

test("Delivery tries again at once if a back-off has ended meanwhile", () =>
  inFakeState(async (state, outside) => {
    state.put("a");
    state.put("x", other);
    outside.answer = ({ url }, index) => {
      if (url === other) outside.elapsed += 20_000;
      return index < 2 ? unavailable : taken;
    };
    await deliveryOf(state, outside, { patience: 30_000 }).run();
    assert.deepEqual(outside.requests.map(({ types, at }) => [types[0], at]), [
      ["a", 0],
      ["x", 0],
      ["a", 20_000],
      ["x", 30_000],
    ]);
    assert.deepEqual(outside.pauses.slice(0, 2), [100, 100]);
  }));

test("Delivery does not touch what is left when it has to end", () =>
  inFakeState(async (state, outside) => {
    outside.limits = { ...outside.limits, batchLength: 1 };
    for (const type of ["a", "b", "c"]) state.put(type);
    const damaged = state.putText("{");
    outside.answer = () => {
      outside.isAllowed = false;
      return taken;
    };
    await deliveryOf(state, outside).run();
    assert.ok(state.waiting().includes(damaged));
  }));

test("Delivery changes nothing if it may not deliver", () =>
  inFakeState(async (state, outside) => {
    const old = state.put("old", endpoint, start - 8 * 24 * 3_600_000);
    outside.isAllowed = false;
    await deliveryOf(state, outside).run();
    assert.deepEqual(state.waiting(), [old]);
  }));

test("Delivery waits to the millisecond", () =>
  inFakeState(async (state, outside) => {
    outside.limits = { ...outside.limits, firstPause: 101 };
    state.put("a");
    await deliveryOf(state, outside, { gathers: true }).run();
    assert.deepEqual(outside.pauses.slice(0, 2), [100, 1]);
    assert.equal(outside.requests[0].at, 101);
  }));
