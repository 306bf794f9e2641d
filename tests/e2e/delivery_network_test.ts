import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect } from "node:net";
import { test } from "node:test";
import { hasOpenssl, makeCertificate } from "../helpers/certificate.ts";
import { FaultServer } from "../helpers/fault_server.ts";
import { appID, inWorld, type World } from "../helpers/harness.ts";

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as { port: number }).port;
}

/** A proxy that tells what went through it. */
async function withProxy(act: (url: string, seen: string[]) => Promise<void>): Promise<void> {
  const seen: string[] = [];
  const server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    forward(incoming, outgoing);
  });
  server.on("connect", (incoming, socket) => {
    seen.push(`CONNECT ${incoming.url}`);
    const target = connect(Number(incoming.url?.split(":")[1]), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connected\r\n\r\n");
      target.pipe(socket).pipe(target);
    });
    target.on("error", () => socket.destroy());
    socket.on("error", () => target.destroy());
  });
  const port = await listen(server);
  try {
    await act(`http://127.0.0.1:${port}`, seen);
  } finally {
    server.closeAllConnections?.();
    server.close();
  }
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers, url = "" } = incoming;
  const { port, pathname } = new URL(url);
  const onward = request({ host: "127.0.0.1", port, path: pathname, method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502);
    answer.pipe(outgoing);
  });
  onward.on("error", () => outgoing.destroy());
  incoming.pipe(onward);
}

/** A TLS server whose certificate is signed by an authority of its own. */
async function withTlsServer(
  world: World,
  act: (endpoint: string, authority: string, bodies: string[]) => Promise<void>,
): Promise<void> {
  const { key, certificate, authority } = makeCertificate(world, "localhost");
  const bodies: string[] = [];
  const server = createTlsServer(
    { key: readFileSync(key), cert: readFileSync(certificate) },
    (incoming, outgoing) => {
      let body = "";
      incoming.on("data", (chunk) => body += chunk);
      incoming.on("end", () => {
        bodies.push(body);
        outgoing.end();
      });
    },
  );
  const port = await listen(server);
  try {
    await act(`https://localhost:${port}/`, authority, bodies);
  } finally {
    server.closeAllConnections?.();
    server.close();
  }
}

/** A run that can deliver returns as soon as it has, and one that cannot when the back-off outlasts its wait. */
async function runWaiting(
  world: World,
  endpoint: string,
  env: Record<string, string>,
  seconds = 60,
): Promise<void> {
  const result = await world.run(["run", `--wait=${seconds}`, "--", "true"], {
    env: { GS_TELEMETRY_APP_ID: appID, GS_TELEMETRY_ENDPOINT: endpoint, ...env },
  });
  assert.deepEqual(result, { status: 0, signal: null, stdout: "", stderr: "" });
}

test("signals go through HTTP_PROXY, but not to the hosts of NO_PROXY", () =>
  inWorld(async (world) => {
    const server = await FaultServer.start();
    try {
      await withProxy(async (proxy, seen) => {
        await runWaiting(world, server.endpoint, { HTTP_PROXY: proxy });
        assert.deepEqual([seen, server.distinct], [[`POST ${server.endpoint}`], 1]);
        await runWaiting(world, server.endpoint, { HTTP_PROXY: proxy, NO_PROXY: "127.0.0.1" });
        assert.deepEqual([seen.length, server.distinct], [1, 2]);
      });
    } finally {
      await server.stop();
    }
  }));

test("signals wait when the proxy is down", () =>
  inWorld(async (world) => {
    const server = await FaultServer.start();
    try {
      await runWaiting(world, server.endpoint, { HTTP_PROXY: "http://127.0.0.1:9" }, 6);
      assert.equal(server.connections, 0);
      assert.equal(world.queued().length, 1);
    } finally {
      await server.stop();
    }
  }));

test(
  "signals go to a server of one's own authority, also through HTTPS_PROXY",
  {
    skip: hasOpenssl ? false : "needs openssl",
  },
  () =>
    inWorld((world) =>
      withTlsServer(world, (endpoint, authority, bodies) =>
        withProxy(async (proxy, seen) => {
          await runWaiting(world, endpoint, {}, 6);
          assert.equal(bodies.length, 0, "an unknown authority is not trusted");
          assert.equal(world.queued().length, 1);
          // Bun reads the first, Deno the second.
          const trust = { NODE_EXTRA_CA_CERTS: authority, DENO_CERT: authority };
          const other = endpoint.replace("/v2/", "/");
          assert.equal((await world.run(["flush"], { env: trust })).status, 0);
          assert.deepEqual([bodies.length, seen], [1, []]);
          await runWaiting(world, other, { ...trust, HTTPS_PROXY: proxy });
          assert.deepEqual([bodies.length, seen], [2, [`CONNECT ${new URL(endpoint).host}`]]);
          await runWaiting(world, other, { ...trust, HTTPS_PROXY: proxy, NO_PROXY: "localhost" });
          assert.deepEqual([bodies.length, seen.length], [3, 1]);
        }))
    ),
);

test("a name that cannot be resolved holds nothing up and keeps the signal", () =>
  inWorld(async (world) => {
    await runWaiting(world, "https://no-such-host.invalid/", { HTTPS_PROXY: "http://127.0.0.1:9" }, 6);
    assert.equal(world.queued().length, 1);
  }));
