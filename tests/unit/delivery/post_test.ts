import assert from "node:assert/strict";
import { test } from "node:test";
import { post } from "../../../lib/delivery/post.ts";

// Deno's message does.
test("post() gives a reason without a password when an error's message names the address", async () => {
  const outcome = await post("http://user:SECRET@:port/", "[]", 1_000);
  assert.equal(outcome.kind, "failed");
  assert.doesNotMatch(JSON.stringify(outcome), /SECRET/);
});
