import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { test } from "node:test";
import { post, type PostOutcome } from "../../../lib/delivery/post.ts";

interface Seen {
  readonly method?: string;
  readonly path?: string;
  readonly type?: string;
  readonly body: string;
}

/** Sends one request to a server that answers so. */
async function postTo(
  answer: (response: ServerResponse) => void,
  seen: Seen[] = [],
): Promise<PostOutcome> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk) => body += chunk);
    request.on("end", () => {
      seen.push({ method: request.method, path: request.url, type: request.headers["content-type"], body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as { port: number };
    return await post(`http://127.0.0.1:${port}/v2/namespace/acme/`, '[{"type":"ü"}]', 10_000);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function status(code: number, headers: Record<string, string> = {}) {
  return (response: ServerResponse) => void response.writeHead(code, headers).end();
}

test("post() sends the body as JSON, once", async () => {
  const seen: Seen[] = [];
  assert.deepEqual(await postTo(status(200), seen), { kind: "accepted" });
  assert.deepEqual(seen, [{
    method: "POST",
    path: "/v2/namespace/acme/",
    type: "application/json; charset=utf-8",
    body: '[{"type":"ü"}]',
  }]);
});

test("post() takes any 2xx for a yes, and some statuses for a no for good", async () => {
  for (const code of [200, 201, 202, 204, 299]) {
    assert.deepEqual(await postTo(status(code)), { kind: "accepted" }, `${code}`);
  }
  for (const code of [400, 401, 403, 404, 413, 422, 501, 505]) {
    assert.deepEqual(await postTo(status(code)), { kind: "refused", status: code }, `${code}`);
  }
});

test("post() takes every other status for a reason to try again, and follows no redirect", async () => {
  for (
    const code of [300, 302, 304, 307, 402, 405, 408, 409, 412, 414, 421, 423, 429, 500, 502, 503, 504, 506]
  ) {
    const seen: Seen[] = [];
    const outcome = await postTo(status(code, { location: "/elsewhere" }), seen);
    const reason = `status ${code}`;
    assert.deepEqual(outcome, { kind: "failed", answered: true, reason, retryAfter: undefined });
    assert.equal(seen.length, 1);
  }
});

test("post() reads Retry-After, a date by the server's own clock", async () => {
  const seconds = await postTo(status(503, { "retry-after": "120" }));
  assert.equal(seconds.kind === "failed" && seconds.retryAfter, 120_000);
  const date = "Sun, 22 Nov 2020 10:00:00 GMT";
  const later = "Sun, 22 Nov 2020 10:00:30 GMT";
  const byDate = await postTo(status(429, { date, "retry-after": later }));
  assert.equal(byDate.kind === "failed" && byDate.retryAfter, 30_000);
  const undated = (response: ServerResponse) => {
    response.sendDate = false;
    status(429, { "retry-after": new Date(Date.now() + 90_000).toUTCString() })(response);
  };
  const byOwnClock = await postTo(undated);
  const { retryAfter = 0 } = byOwnClock as { retryAfter?: number };
  assert.ok(retryAfter > 30_000 && retryAfter <= 91_000, String(retryAfter));
});

test("post() does not wait for the end of an answer", async () => {
  const outcome = await postTo((response) => void response.writeHead(200).write("endless"));
  assert.deepEqual(outcome, { kind: "accepted" });
});

// Deno's message does.
test("post() gives a reason without a password when an error's message names the address", async () => {
  const outcome = await post("http://user:SECRET@:port/", "[]", 1_000);
  assert.equal(outcome.kind, "failed");
  assert.doesNotMatch(JSON.stringify(outcome), /SECRET/);
});
