import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "node:test";
import { withoutAnyCredentials, withoutCredentials } from "../../../lib/signal/endpoint.ts";

const hidden: [text: string, shown: string][] = [
  ["https://user:SECRET@example.org/v2/", "https://…@example.org/v2/"],
  ["https://SECRET@example.org", "https://…@example.org"],
  ["https://user:SEC@RET/SECRET@example.org/", "https://…@example.org/"],
  ["user:SECRET@example.org", "…@example.org"],
  ["http:/user:SECRET@example.org", "…@example.org"],
  ["https://example.org/v2/?token=SECRET", "https://example.org/v2/?…"],
  ["https://example.org/v2/", "https://example.org/v2/"],
  ["acme", "acme"],
];

for (const [text, shown] of hidden) {
  test(`withoutCredentials() gives ${shown} when given ${text}`, () => {
    assert.equal(withoutCredentials(text), shown);
  });
}

test("withoutAnyCredentials() hides a password of any word of a message", () => {
  const token = fc.stringMatching(/^[\w:/@?#%.-]*SECRET[\w:/@?#%.-]*$/);
  const before = fc.constantFrom("", "cannot connect to ", 'proxy "', "url (");
  const after = fc.constantFrom("", "/v2/): refused", '": timed out', " (os error 111)");
  fc.assert(
    fc.property(before, token, after, (start, secret, end) => {
      const message = `${start}http://user:${secret}@127.0.0.1:3128${end}`;
      assert.equal(withoutAnyCredentials(message), `${start}http://…@127.0.0.1:3128${end}`);
    }),
    { seed: 20_261_123 },
  );
});
