import assert from "node:assert/strict";
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  backoffOf,
  type DeliveryState,
  nothingKnown,
  originOf,
  readDeliveryState,
  writeDeliveryState,
} from "../../../lib/delivery/delivery_state.ts";
import { inFakeState, start } from "../../helpers/fake_surroundings.ts";

const week = 7 * 24 * 3_600_000;
const backoff = { failures: 2, unanswered: 1, since: start, delay: 20_000 };
const full: DeliveryState = {
  lastDelivery: start - 1,
  lastError: { at: start, reason: "status 503" },
  dropped: 3,
  backoffs: { "https://example.org": backoff },
};

test("readDeliveryState() reads what writeDeliveryState() wrote, and no other file is left", () =>
  inFakeState((state) => {
    for (const written of [nothingKnown, full, { ...full, lastDelivery: undefined }]) {
      const left = join(state.path, `.delivery.json.${crypto.randomUUID()}`);
      writeFileSync(left, "left over by a process that died");
      utimesSync(left, 1, 1);
      writeDeliveryState(state, written, start);
      assert.deepEqual(readDeliveryState(state), JSON.parse(JSON.stringify(written)));
      assert.deepEqual(readdirSync(state.path).sort(), ["delivery.json", "queue"]);
    }
  }));

test("writeDeliveryState() leaves nothing behind if the file cannot be replaced", () =>
  inFakeState((state) => {
    mkdirSync(join(state.deliveryState, "folder"), { recursive: true });
    writeDeliveryState(state, full, start);
    assert.deepEqual(readdirSync(state.path).sort(), ["delivery.json", "queue"]);
    assert.equal(readDeliveryState(state), nothingKnown);
  }));

test("writeDeliveryState() forgets a server that was not tried for a week, by either clock", () =>
  inFakeState((state) => {
    for (
      const [now, isKept] of [[week - 1, true], [week, false], [1 - week, true], [-week, false]] as const
    ) {
      writeDeliveryState(state, full, start + now);
      assert.equal("https://example.org" in readDeliveryState(state).backoffs, isKept, String(now));
    }
  }));

const damaged: unknown[] = [
  null,
  [],
  {},
  "text",
  { dropped: 0 },
  { backoffs: {} },
  { dropped: 0, backoffs: null },
  { ...full, dropped: "3" },
  { ...full, dropped: 0.5 },
  { ...full, lastDelivery: "now" },
  { ...full, lastDelivery: null },
  { ...full, lastError: { at: 0 } },
  { ...full, lastError: { at: "now", reason: "" } },
  { ...full, lastError: { reason: "" } },
  { ...full, backoffs: { "https://example.org": null } },
  ...(["failures", "unanswered", "since", "delay"] as const).map((key) => (
    { ...full, backoffs: { "https://example.org": backoff, "https://x.org": { ...backoff, [key]: "1" } } }
  )),
];

test("readDeliveryState() knows nothing if the file is missing or damaged", () =>
  inFakeState((state) => {
    assert.equal(readDeliveryState(state), nothingKnown);
    for (const text of ["", "{", ...damaged.map((value) => JSON.stringify(value))]) {
      writeFileSync(state.deliveryState, text);
      assert.equal(readDeliveryState(state), nothingKnown, text);
    }
    assert.deepEqual(nothingKnown, { dropped: 0, backoffs: {} });
  }));

test("backoffOf() finds the server of an address while it is to be left alone", () => {
  assert.equal(originOf("https://example.org:8443/v2/namespace/x/"), "https://example.org:8443");
  assert.equal(backoffOf(full, "https://example.org/v2/", start), backoff);
  assert.equal(backoffOf(full, "https://example.org/", start + 19_999), backoff);
  assert.equal(backoffOf(full, "https://example.org/v2/", start + 20_000), undefined);
  assert.equal(backoffOf(full, "https://example.organic/v2/", start), undefined);
  assert.equal(backoffOf(full, "https://example.org:8443/v2/", start), undefined);
  assert.equal(backoffOf(nothingKnown, "https://example.org/v2/", start), undefined);
});
