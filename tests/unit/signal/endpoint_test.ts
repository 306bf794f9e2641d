import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "node:test";
import {
  defaultEndpoint,
  ingestUrl,
  isEndpoint,
  withoutAnyCredentials,
  withoutCredentials,
} from "../../../lib/signal/endpoint.ts";

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

const endpoints: [value: string, isRight: boolean][] = [
  [defaultEndpoint, true],
  ["https://example.org", true],
  ["https://example.org:8443/a/b/", true],
  ["http://localhost:1/", true],
  ["http://127.0.0.1/", true],
  ["http://127.255.1.2/", true],
  ["http://[::1]:80/", true],
  ["http://example.org/", false],
  ["http://localhost.example.org/", false],
  ["http://127.0.0.1.example.org/", false],
  ["http://x127.0.0.1/", false],
  ["http://[::2]/", false],
  ["ftp://localhost/", false],
  ["https://user@example.org/", false],
  ["https://:password@example.org/", false],
  ["https://example.org/?query", false],
  ["https://example.org/#fragment", false],
  ["example.org", false],
  ["", false],
];

for (const [value, isRight] of endpoints) {
  test(`isEndpoint() is ${isRight} for '${value}'`, () => assert.equal(isEndpoint(value), isRight));
}

test("ingestUrl() adds TelemetryDeck's path if there is none, and the namespace", () => {
  assert.equal(defaultEndpoint, "https://nom.telemetrydeck.com/v2/");
  const cases: [endpoint: string, namespace: string | undefined, url: string][] = [
    ["https://example.org", undefined, "https://example.org/v2/"],
    ["https://EXAMPLE.org/", undefined, "https://example.org/v2/"],
    ["https://example.org/ingest", undefined, "https://example.org/ingest"],
    ["https://example.org/ingest/", "acme", "https://example.org/ingest/namespace/acme/"],
    ["https://example.org/ingest", "acme", "https://example.org/ingest/namespace/acme/"],
    ["https://example.org", "acme", "https://example.org/v2/namespace/acme/"],
    ["https://example.org", "", "https://example.org/v2/"],
  ];
  for (const [endpoint, namespace, url] of cases) assert.equal(ingestUrl(endpoint, namespace), url);
});
