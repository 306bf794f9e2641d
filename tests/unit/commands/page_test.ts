import assert from "node:assert/strict";
import { test } from "node:test";
import { wrap } from "../../../lib/commands/page.ts";

test("wrap() breaks between words, and a word that is too long where it must", () => {
  assert.deepEqual(wrap("one two three", { columns: 7, isColoured: false }), ["one two", "three"]);
  assert.deepEqual(wrap("a abcdefghij b", { columns: 5, isColoured: false }), ["a", "abcde", "fghij", "b"]);
  assert.deepEqual(wrap("", { columns: 5, isColoured: false }), [""]);
});
