import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import fc from "fast-check";
import { hashText } from "../../../lib/signal/hash.ts";
import { sha256 } from "../../../lib/runtime/sha256.ts";

function expected(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

test("sha256() equals the runtime's own at every length of up to three blocks", () => {
  for (let length = 0; length <= 192; length++) {
    const bytes = Uint8Array.from({ length }, (_, index) => index * 7 + length);
    assert.equal(Buffer.from(sha256(bytes)).toString("hex"), expected(bytes), `${length} bytes`);
  }
});

test("sha256() equals the runtime's own for all bytes, and leaves them as they were", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
    const before = bytes.slice();
    assert.equal(Buffer.from(sha256(bytes)).toString("hex"), expected(bytes));
    assert.deepEqual(bytes, before);
  }));
});

test("sha256() counts the bits of a part of a larger buffer", () => {
  const part = new Uint8Array(1_000).fill(7).subarray(300, 420);
  assert.equal(Buffer.from(sha256(part)).toString("hex"), expected(part));
});

test("hashText() is the hash of the text's UTF-8, in lower-case hex", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => {
    assert.equal(hashText(text), expected(text));
  }));
});
