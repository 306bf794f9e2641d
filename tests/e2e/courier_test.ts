import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { test } from "node:test";
import { appID, inWorld, until } from "../helpers/harness.ts";

test("a courier that hangs is ended, and what waits stays", () =>
  inWorld(async (world) => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => void sockets.push(socket.on("error", () => {})));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const env = {
      GS_TELEMETRY_APP_ID: appID,
      GS_TELEMETRY_ENDPOINT: `http://127.0.0.1:${port}/`,
      GS_TELEMETRY_LIMITS: JSON.stringify({ hangTimeout: 4_000, timeout: 600_000 }),
    };
    try {
      await world.run(["run", "--", "true"], { env });
      await until(() => sockets.length === 1, "the courier's request");
      await world.couriersEnded();
      assert.equal(world.queued().length, 1);
    } finally {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    }
  }));
