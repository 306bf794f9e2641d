import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { lockCourier } from "../../../lib/delivery/courier_lock.ts";
import { writeDeliveryState } from "../../../lib/delivery/delivery_state.ts";
import { recordedAt } from "../../../lib/delivery/queue_reader.ts";
import { findObstacle, meetObstacle, record } from "../../../lib/run/record.ts";
import { makeSignal } from "../../../lib/signal/signal.ts";
import { system } from "../../../lib/system/mod.ts";
import { endpoint, type FakeState, inFakeState, toldBy } from "../../helpers/fake_surroundings.ts";

const envelope = { appID: "a", clientUser: "u", sessionID: "s", isTestMode: false, type: "Acme.command" };
const queued = { url: endpoint, signal: makeSignal(envelope, "acme deploy") };

const [first, second] = [
  `2: gs-telemetry: to ${endpoint}: Acme.command "acme deploy"\n`,
  `2: gs-telemetry: signal: ${JSON.stringify(queued.signal)}\n`,
];

/** Records a signal; returns what is told behind what it says. */
async function recording(state: FakeState, courier?: readonly string[]): Promise<string> {
  const told = await toldBy(() => record(state, queued, courier, false));
  assert.equal(told.slice(0, first.length + second.length), first + second);
  return told.slice(first.length + second.length).replace(/^2: gs-telemetry: (.*)\n$/, "$1");
}

test("record() puts the signal into the queue and says where", () =>
  inFakeState(async (state) => {
    const before = Date.now();
    const recorded = record(state, queued, undefined, false)!;
    assert.deepEqual(recorded, { state, url: endpoint, name: state.waiting()[0] });
    const at = recordedAt(recorded.name);
    assert.ok(before <= at && at <= Date.now());
    assert.equal(await toldBy(() => record(state, queued, undefined, false), "0"), "");
    assert.equal(state.waiting().length, 2);
  }));

test("record() tells what becomes of the signal", () =>
  inFakeState(async (state) => {
    assert.equal(
      await recording(state),
      "recorded; it waits for a flush or for a run that delivers, such as one with --wait",
    );
    assert.equal(
      await recording(state, ["true"]),
      "recorded; a courier was started, which sends it in the background",
    );
    const lock = lockCourier(state);
    assert.ok(lock && lock !== "taken");
    assert.equal(
      await recording(state, ["true"]),
      "recorded; a courier is at work and sends it in the background",
    );
    lock.release();
    const { detach } = system;
    system.detach = () => false;
    const failed = await recording(state, ["true"]);
    system.detach = detach;
    assert.equal(failed, "recorded; it waits for a later run, since no courier could be started");
  }));

test("record() tells that the server is left alone", () =>
  inFakeState(async (state) => {
    const backoff = { failures: 1, unanswered: 1, since: Date.now() - 1_000, delay: 3_600_000 };
    writeDeliveryState(state, { dropped: 0, backoffs: { "https://example.org": backoff } }, Date.now());
    let told = "";
    // One of some hundreds starts a courier all the same.
    for (let tries = 0; tries < 3 && !told.includes("waits"); tries++) {
      told = await recording(state, ["true"]);
    }
    assert.equal(told, "recorded; it waits, since the server is left alone after a failure: see status");
  }));

test("record() gives up if nothing can be written", () =>
  inFakeState(async (state) => {
    rmSync(state.queue, { recursive: true });
    writeFileSync(state.queue, "a file where the directory would be");
    assert.equal(record(state, queued, undefined, false), undefined);
    assert.equal(await recording(state), `cannot write to ${state.path}`);
  }));

/** Runs a test as if standard error were a terminal or not. */
async function withTerminal(isTerminal: boolean, test: () => Promise<void>): Promise<void> {
  const before = system.isTerminal;
  system.isTerminal = () => isTerminal;
  try {
    await test();
  } finally {
    system.isTerminal = before;
  }
}

const noHome = "there is no home to keep it in";
const notice = "a notice comes before the first signal";
const env = () => undefined;

test("findObstacle() is a missing home, or a notice that is due, and changes nothing", () =>
  inFakeState(async (state) => {
    await withTerminal(true, async () => {
      assert.equal(findObstacle({ state: undefined, notice: "acme" }, env), noHome);
      assert.equal(findObstacle({ state, notice: "acme" }, env), notice);
      assert.equal(findObstacle({ state, notice: { tool: "acme" } }, env), notice);
      assert.equal(await toldBy(() => findObstacle({ state, notice: "acme" }, env)), "");
      assert.equal(system.files.exists(state.noticeShown()), false);
    });
    await withTerminal(false, async () => {
      assert.equal(findObstacle({ state, notice: "acme" }, env), undefined);
      assert.equal(await toldBy(() => findObstacle({ state: undefined, notice: "acme" }, env)), "");
    });
  }));

test("meetObstacle() shows the notice if that is the obstacle", () =>
  inFakeState(async (state) => {
    await withTerminal(true, async () => {
      const told = await toldBy(() =>
        assert.equal(meetObstacle({ state, notice: "acme" }, endpoint, env), notice)
      );
      assert.match(told, /^2: gs-telemetry sends anonymous usage signals about acme to example\.org:/);
      assert.equal(meetObstacle({ state, notice: "acme" }, endpoint, env), undefined);
      const own = { tool: "acme", text: "Mine." };
      assert.equal(await toldBy(() => meetObstacle({ state, notice: own }, endpoint, env)), "2: Mine.\n");
      assert.equal(await toldBy(() => meetObstacle({ state: undefined, notice: "" }, endpoint, env)), "");
    });
    await withTerminal(false, async () => {
      const other = { state, notice: { tool: "other" } };
      assert.equal(await toldBy(() => meetObstacle(other, endpoint, env)), "");
    });
  }));
