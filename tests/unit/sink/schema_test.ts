import assert from "node:assert/strict";
import { test } from "node:test";
import { checkBody } from "../../../lib/sink/schema.ts";

const signal = { appID: "4539763B-A291-4835-B832-9BEB80CA7039", clientUser: "hash", type: "Acme.command" };

test("checkBody() gives the signals when all is well", () => {
  const signals = [signal, {
    ...signal,
    sessionID: "s",
    isTestMode: true,
    floatValue: 1.5,
    payload: { a: "b", c: 1 },
  }];
  assert.deepEqual(checkBody(JSON.stringify(signals)), { signals });
});

const wrong: [body: unknown, field: string][] = [
  [{}, "body"],
  [[], "body"],
  [signal, "body"],
  [["x"], "0"],
  [[{ ...signal, appID: "acme" }], "0.appID"],
  [[{ ...signal, appID: undefined }], "0.appID"],
  [[{ ...signal, clientUser: "" }], "0.clientUser"],
  [[{ ...signal, type: 7 }], "0.type"],
  [[signal, { ...signal, isTestMode: "false" }], "1.isTestMode"],
  [[{ ...signal, floatValue: "1" }], "0.floatValue"],
  [[{ ...signal, payload: { nested: {} } }], "0.payload.nested"],
  [[{ ...signal, payload: ["a"] }], "0.payload"],
  [[{ ...signal, receivedAt: "yesterday" }], "0.receivedAt"],
  [[{ ...signal, hostname: "vm" }], "0.hostname"],
];

for (const [body, field] of wrong) {
  test(`checkBody() names ${field} when given ${JSON.stringify(body)}`, () => {
    const checked = checkBody(JSON.stringify(body));
    assert.equal("field" in checked && checked.field, field);
  });
}

test("checkBody() names a number that is too great", () => {
  const checked = checkBody(JSON.stringify([signal]).replace("}", ',"floatValue":1e999}'));
  assert.equal("field" in checked && checked.field, "0.floatValue");
});

test("checkBody() says so when the body is not JSON", () => {
  assert.deepEqual(checkBody("[{"), { field: "body", problem: "is not JSON" });
});
