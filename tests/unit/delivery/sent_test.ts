import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { Delivery } from "../../../lib/delivery/delivery.ts";
import { forgetSent, keepSent, readSent, type SentSignal } from "../../../lib/delivery/sent.ts";
import { endpoint, inFakeState, refusedForGood, start, taken } from "../../helpers/fake_surroundings.ts";

function sent(type: string): SentSignal {
  const signal = { type, payload: {} } as SentSignal["signal"];
  return { at: "2026-11-23T00:00:00.000Z", to: endpoint, outcome: "taken", signal };
}

test("keepSent() keeps the last twenty, the newest last", () =>
  inFakeState((state) => {
    assert.deepEqual(readSent(state), []);
    const all = Array.from({ length: 25 }, (_, index) => sent(`${index}`));
    keepSent(state, all.slice(0, 3));
    assert.deepEqual(readSent(state), all.slice(0, 3));
    keepSent(state, all.slice(3));
    assert.deepEqual(readSent(state), all.slice(5));
    forgetSent(state);
    assert.deepEqual([existsSync(state.sent), readSent(state)], [false, []]);
  }));

test("keepSent() keeps no more than is read at once", () =>
  inFakeState((state) => {
    const overhead = JSON.stringify([sent("")]).length;
    const fits = sent("x".repeat(65_536 - overhead));
    keepSent(state, [fits]);
    assert.deepEqual(readSent(state), [fits]);
    keepSent(state, [sent("small")]);
    assert.deepEqual(readSent(state), [sent("small")]);
    keepSent(state, [sent("ü".repeat(40_000))]);
    assert.deepEqual(readSent(state), []);
  }));

test("readSent() leaves out what is damaged", () =>
  inFakeState((state) => {
    const right = sent("a");
    const damaged = [{ ...right, at: 1 }, { ...right, to: 1 }, { ...right, outcome: 1 }, {
      ...right,
      signal: {},
    }, {}];
    writeFileSync(state.sent, JSON.stringify([...damaged, right]));
    assert.deepEqual(readSent(state), [right]);
    for (const text of ["", "{", "{}", "[null]", "1"]) {
      writeFileSync(state.sent, text);
      assert.deepEqual(readSent(state), [], text);
    }
  }));

const once = { gathers: false, ignoresBackoff: false, patience: 0, yields: false };

test("Delivery keeps what was taken and what was refused, and nothing after an opt-out", () =>
  inFakeState(async (state, outside) => {
    const put = (type: string) =>
      state.putText(JSON.stringify({ url: endpoint, signal: { type, payload: {} } }));
    for (const type of ["good", "bad"]) put(type);
    outside.answer = ({ types }) => types.includes("bad") ? refusedForGood : taken;
    await new Delivery(state, once, outside).run();
    const at = new Date(start).toISOString();
    assert.deepEqual(readSent(state).map(({ at, to, outcome, signal }) => [at, to, outcome, signal.type]), [
      [at, endpoint, "taken", "good"],
      [at, endpoint, "refused", "bad"],
    ]);
    put("good");
    outside.answer = () => {
      outside.isAllowed = false;
      return taken;
    };
    await new Delivery(state, once, outside).run();
    assert.equal(existsSync(state.sent), false);
  }));
