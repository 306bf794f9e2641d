import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import type { IngestedSignal } from "../../../lib/sink/schema.ts";
import { type Service, type ServiceOptions, startService } from "../../../lib/sink/service.ts";
import { StoreError } from "../../../lib/sink/store.ts";

const signal = { appID: "4539763B-A291-4835-B832-9BEB80CA7039", clientUser: "hash", type: "Acme.command" };

async function inService(
  options: Partial<ServiceOptions>,
  act: (service: Service, taken: readonly IngestedSignal[], refused: readonly string[]) => Promise<void>,
): Promise<void> {
  const taken: IngestedSignal[] = [];
  const refused: string[] = [];
  const service = await startService({
    hostname: "127.0.0.1",
    port: 0,
    store: undefined,
    appIDs: [],
    makePage: undefined,
    onSignals: (signals) => void taken.push(...signals),
    onRefusal: (refusal) => void refused.push(refusal),
    ...options,
  });
  try {
    await act(service, taken, refused);
  } finally {
    await service.stop();
  }
}

async function post(service: Service, body: string): Promise<number> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${service.address}v2/`, { method: "POST", headers, body });
  await response.body?.cancel();
  return response.status;
}

/** Sends bytes and waits until the service ends the connection; gives what it said. */
async function talk({ address }: Service, text: string): Promise<string> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  let answer = "";
  socket.on("data", (data) => answer += data);
  socket.on("error", () => {});
  socket.write(text);
  await closed(socket);
  return answer;
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

const limits = { headers: 300, request: 600, checkEvery: 100, connections: 256 };
const start = "POST /v2/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n";

for (
  const [what, text] of [["nothing", ""], ["half a head", "POST /v2/ HT"], ["half a body", `${start}\r\n[{`]]
) {
  test(`a service ends a connection that sends ${what}`, () =>
    inService({ limits }, async (service) => {
      assert.doesNotMatch(await talk(service, text), / 200 /);
    }));
}

test("a service ends connections beyond its limit", () =>
  inService({ limits: { ...limits, headers: 60_000, request: 60_000, connections: 2 } }, async (service) => {
    const { hostname, port } = new URL(service.address);
    const sockets = Array.from({ length: 3 }, () => connect(Number(port), hostname));
    for (const socket of sockets) {
      socket.on("error", () => {});
      socket.write("POST");
    }
    await Promise.race(sockets.map(closed));
    for (const socket of sockets) socket.destroy();
  }));

test("a service says nothing of a sender that breaks off", () =>
  inService({}, async (service, _taken, refused) => {
    const { hostname, port } = new URL(service.address);
    const socket = connect(Number(port), hostname);
    socket.write(`${start}\r\n[{`);
    await once(socket, "connect");
    socket.destroy();
    await closed(socket);
    assert.equal(await post(service, JSON.stringify([signal])), 200);
    assert.deepEqual(refused, []);
  }));

test("a service refuses more than a megabyte, said before or not", () =>
  inService({}, async (service, taken) => {
    assert.equal(await post(service, JSON.stringify([{ ...signal, type: "x".repeat(1024 * 1024) }])), 413);
    const chunk = `10000\r\n${" ".repeat(65_536)}\r\n`.repeat(20);
    const head =
      "POST /v2/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert.match(await talk(service, `${head}${chunk}0\r\n\r\n`), /^HTTP\/1\.1 413 /);
    assert.equal(await post(service, JSON.stringify([signal])), 200);
    assert.equal(taken.length, 1);
  }));

test("a service for some apps refuses a request with a signal of another", () =>
  inService({ appIDs: [signal.appID.toLowerCase()] }, async (service, taken) => {
    assert.equal(await post(service, JSON.stringify([signal])), 200);
    const other = { ...signal, appID: "11111111-2222-4333-8444-555555555555" };
    assert.equal(await post(service, JSON.stringify([signal, other])), 403);
    assert.equal(taken.length, 1);
  }));

test("a service answers as its store says when signals cannot be kept", () => {
  const store = {
    isDatabase: false,
    add: () => Promise.reject(new StoreError("full", 503)),
    close: () => Promise.resolve(),
  };
  return inService({ store }, async (service, taken, refused) => {
    assert.equal(await post(service, JSON.stringify([signal])), 503);
    assert.deepEqual([taken, refused], [[], ["503 full"]]);
  });
});

test("a service ends when requests under way have been answered", async () => {
  const { promise: isAdding, resolve: adding } = Promise.withResolvers<void>();
  const { promise: stored, resolve: store } = Promise.withResolvers<"stored">();
  const add = () => (adding(), stored);
  await inService({ store: { isDatabase: false, add, close: () => Promise.resolve() } }, async (service) => {
    const answer = post(service, JSON.stringify([signal]));
    await isAdding;
    const stopped = service.stop();
    store("stored");
    assert.equal(await answer, 200);
    await stopped;
  });
});

test("a service shows its page to this machine only, and not through proxies or other names", () =>
  inService({ makePage: () => Promise.resolve("<p>page") }, async (service) => {
    const { host } = new URL(service.address);
    const get = (...headers: string[]) =>
      talk(service, `${["GET / HTTP/1.1", "Connection: close", ...headers].join("\r\n")}\r\n\r\n`);
    const page = await get(`Host: ${host}`);
    assert.match(page, /^HTTP\/1\.1 200 [\s\S]*content-security-policy: default-src 'none'[\s\S]*<p>page/i);
    assert.match(await get("Host: evil.example"), /^HTTP\/1\.1 403 /);
    assert.match(await get(`Host: ${host}`, "X-Forwarded-For: 10.0.0.1"), /^HTTP\/1\.1 403 /);
  }));
