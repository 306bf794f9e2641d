import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:https";
import { test } from "node:test";
import { hasOpenssl, makeCertificate } from "../helpers/certificate.ts";
import { appID } from "../helpers/constants.ts";
import { inWorld, type World } from "../helpers/harness.ts";

const limits = JSON.stringify({ patience: 0, firstPause: 0, timeout: 400 });

/** Sends a signal to an address where that fails, and returns the reason that `status --json` gives. */
async function reasonOf(world: World, endpoint: string, env: Record<string, string> = {}): Promise<string> {
  const more = { GS_TELEMETRY_APP_ID: appID, GS_TELEMETRY_LIMITS: limits, ...env };
  await world.run(["run", "--endpoint", endpoint, "--", "true"], { env: more });
  await world.couriersEnded();
  const { stdout } = await world.run(["status", "--json"]);
  return JSON.parse(stdout).lastError?.reason;
}

async function listening<Result>(server: Server, act: (port: number) => Promise<Result>): Promise<Result> {
  const sockets: Socket[] = [];
  server.on("connection", (socket) => sockets.push(socket.on("error", () => {})));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await act((server.address() as { port: number }).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

const greeting = "SSH-2.0-OpenSSH_9.2p1 Debian\r\n";
const faults: [reason: string, scheme: "http" | "https", serve: (socket: Socket) => void][] = [
  ["connection closed", "http", (socket) => socket.once("data", () => socket.destroy())],
  ["not an HTTP answer", "http", (socket) => socket.write(greeting)],
  ["not an HTTP answer", "http", (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${"x".repeat(2_000_000)}`)],
  ["no answer in 0.4 s", "http", () => {}],
  ["no TLS connection", "https", (socket) => socket.write(greeting)],
];

for (const [index, [reason, scheme, serve]] of faults.entries()) {
  test(`status --json says '${reason}', whatever the runtime says of the fault (${index})`, () =>
    inWorld(async (world) => {
      const server = createServer(serve);
      const found = await listening(server, (port) => reasonOf(world, `${scheme}://127.0.0.1:${port}/v2/`));
      assert.equal(found, reason);
    }));
}

test("status --json says 'connection refused' when nobody listens", () =>
  inWorld(async (world) => {
    const port = await listening(createServer(), (port) => Promise.resolve(port));
    assert.equal(await reasonOf(world, `http://127.0.0.1:${port}/v2/`), "connection refused");
  }));

const certificates: [reason: string, host: string, days: number, isTrusted: boolean][] = [
  ["certificate not trusted", "localhost", 30, false],
  ["certificate for another host", "other.example", 30, true],
  ["certificate expired", "localhost", -1, true],
];

for (const [reason, host, days, isTrusted] of certificates) {
  const skip = hasOpenssl ? false : "needs openssl";
  test(
    `status --json says '${reason}', whatever the runtime says of the certificate`,
    { skip },
    () =>
      inWorld(async (world) => {
        const { key, certificate, authority } = makeCertificate(world, host, days);
        const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) });
        // Bun reads the first, Deno the second.
        const trust = { NODE_EXTRA_CA_CERTS: authority, DENO_CERT: authority };
        const found = await listening(
          server,
          (port) => reasonOf(world, `https://localhost:${port}/v2/`, isTrusted ? trust : {}),
        );
        assert.equal(found, reason);
      }),
  );
}
