import assert from "node:assert/strict";
import { test } from "node:test";
import { describeRequest, fits, outgoing, requestBody } from "../../../lib/delivery/batch.ts";
import { limits } from "../../../lib/delivery/limits.ts";
import type { Signal } from "../../../lib/signal/signal.ts";

function signal(type: string) {
  return outgoing(`${type}.json`, { type } as Signal);
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

test("outgoing() counts the bytes of the signal's JSON", () => {
  assert.deepEqual(signal("ü"), { name: "ü.json", signal: { type: "ü" }, length: bytes('{"type":"ü"}') });
});

test("fits() lets a body have as many bytes as the limit says, and not one more", () => {
  for (const batch of [[], [signal("a")], [signal("a"), signal("üü")]]) {
    const next = signal("next");
    const bodyLength = bytes(requestBody([...batch, next]));
    assert.equal(fits(batch, next, { ...limits, bodyLength }), true);
    assert.equal(fits(batch, next, { ...limits, bodyLength: bodyLength - 1 }), false);
  }
});

test("fits() lets a batch have as many signals as the limit says, and not one more", () => {
  const batch = [signal("a"), signal("b")];
  assert.equal(fits(batch, signal("c"), { ...limits, batchLength: 3 }), true);
  assert.equal(fits(batch, signal("c"), { ...limits, batchLength: 2 }), false);
});

test("describeRequest() has a line for each signal and one for what became of them", () => {
  const batch = [signal("a"), signal("b")];
  const describe = (outcome: Parameters<typeof describeRequest>[2]) =>
    describeRequest("https://example.org/", batch, outcome);
  const signals = 'signal: {"type":"a"}\nsignal: {"type":"b"}\n2 sent to https://example.org/: ';
  assert.equal(describe({ kind: "accepted" }), `${signals}taken`);
  assert.equal(describe({ kind: "refused", status: 400 }), `${signals}refused for good: status 400`);
  assert.equal(
    describe({ kind: "failed", answered: false, reason: "connection refused" }),
    `${signals}failed, kept for later: connection refused`,
  );
});
