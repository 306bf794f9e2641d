import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileNameOf } from "../../lib/delivery/queue.ts";
import { appID, type World } from "./harness.ts";

/** A signal that a run would make. */
export function exampleSignal(sessionID: string) {
  return {
    appID,
    clientUser: "6d8d66a4e9a6f3a3f3b2a2a7d9e2c8d1a4b5c6d7e8f90123456789abcdef0123",
    sessionID,
    isTestMode: false,
    type: "GiantSwarm.command",
    payload: {
      "TelemetryDeck.Device.architecture": "amd64",
      "TelemetryDeck.Device.operatingSystem": "linux",
      "TelemetryDeck.SDK.nameAndVersion": "gs-telemetry/0.1.0",
      command: "kubectl gs login",
    },
  };
}

/** Puts signals into the queue as runs would have left them, and gives their sessions. */
export function plantSignals(
  world: World,
  count: number,
  url: string,
  latest: number = Date.now(),
): string[] {
  mkdirSync(world.queue, { recursive: true, mode: 0o700 });
  return Array.from({ length: count }, (_, index) => {
    const id = crypto.randomUUID();
    const name = fileNameOf(latest - count + index, id);
    writeFileSync(join(world.queue, name), JSON.stringify({ url, signal: exampleSignal(id) }));
    return id;
  });
}
