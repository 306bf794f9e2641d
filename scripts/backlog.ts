/**
 * Delivers a long queue and measures time and peak memory of the courier, from Linux's own count.
 * `deno run -A scripts/backlog.ts [bun|deno] [SIGNALS]`
 *
 * @module
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileNameOf } from "../lib/delivery/queue.ts";
import { hostBinary } from "./compile.ts";
import { World } from "./world/world.ts";

const lookEvery = 250;
const toolchain = Deno.args[0] ?? "bun";
const count = Number(Deno.args[1] ?? 100_000);

interface ReceivingServer {
  readonly endpoint: string;
  readonly sessions: Set<string>;
  signals(): number;
  requests(): number;
  stop(): void;
}

/** A server that takes all signals and counts them. */
async function startServer(): Promise<ReceivingServer> {
  const sessions = new Set<string>();
  let signals = 0;
  let requests = 0;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => body += chunk);
    request.on("end", () => {
      requests++;
      for (const { sessionID } of JSON.parse(body)) {
        sessions.add(sessionID);
        signals++;
      }
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const endpoint = `http://127.0.0.1:${port}/v2/`;
  return { endpoint, sessions, signals: () => signals, requests: () => requests, stop: () => server.close() };
}

function fillQueue({ queue }: World, url: string): void {
  mkdirSync(queue, { recursive: true, mode: 0o700 });
  const start = Date.now() - count;
  for (let index = 0; index < count; index++) {
    const sessionID = crypto.randomUUID();
    const signal = {
      appID: "4539763B-A291-4835-B832-9BEB80CA7039",
      clientUser: "6d8d66a4e9a6f3a3f3b2a2a7d9e2c8d1a4b5c6d7e8f90123456789abcdef0123",
      sessionID,
      isTestMode: false,
      type: "GiantSwarm.command",
      payload: { "TelemetryDeck.SDK.nameAndVersion": "gs-telemetry/0.1.0", command: "kubectl gs login" },
    };
    writeFileSync(join(queue, fileNameOf(start + index, sessionID)), JSON.stringify({ url, signal }));
  }
}

/** Runs a courier to its end; returns the peaks of its resident set in the course of time, in MB. */
async function deliver(world: World): Promise<number[]> {
  const limits = JSON.stringify({ queueLength: count, patience: 0 });
  const env = world.environment({ GS_TELEMETRY_COURIER: "1", GS_TELEMETRY_LIMITS: limits });
  const child = new Deno.Command(hostBinary(toolchain), { args: ["courier"], env, clearEnv: true }).spawn();
  const peaks: number[] = [];
  const timer = setInterval(() => {
    const status = Deno.readTextFileSync(`/proc/${child.pid}/status`);
    const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(status) ?? [];
    // A process that has just ended tells no more.
    if (kilobytes !== undefined) peaks.push(Number(kilobytes) / 1024);
  }, lookEvery);
  await child.status.finally(() => clearInterval(timer));
  return peaks;
}

const world = new World();
const server = await startServer();
try {
  fillQueue(world, server.endpoint);
  const start = performance.now();
  const peaks = await deliver(world);
  const seconds = (performance.now() - start) / 1_000;
  const early = peaks[Math.floor(peaks.length / 10)];
  const twice = server.signals() - server.sessions.size;
  console.log(
    `${toolchain}: ${count} signals, ${server.sessions.size} arrived, ${twice} twice, ` +
      `${server.requests()} requests, ${seconds.toFixed(1)} s; peak memory ` +
      `${early?.toFixed(0)} MB after a tenth of the time, ${peaks.at(-1)?.toFixed(0)} MB in all; ` +
      `${world.queued().length} left`,
  );
} finally {
  server.stop();
  await world.close();
}
