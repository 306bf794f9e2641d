/**
 * Delivers a long queue and measures time and peak memory of the courier, from Linux's own count.
 * `deno run -A scripts/backlog.ts [bun|deno] [SIGNALS]`
 *
 * @module
 */

import { FaultServer } from "../tests/helpers/fault_server.ts";
import { World } from "../tests/helpers/harness.ts";
import { plantSignals } from "../tests/helpers/plant.ts";
import { hostBinary } from "./compile.ts";

const toolchain = Deno.args[0] ?? "bun";
const count = Number(Deno.args[1] ?? 100_000);
const world = new World();
const server = await FaultServer.start();
try {
  plantSignals(world, count, server.endpoint);
  const limits = JSON.stringify({ queueLength: count, patience: 0 });
  const env = world.environment({ GS_TELEMETRY_COURIER: "1", GS_TELEMETRY_LIMITS: limits });
  const start = performance.now();
  const child = new Deno.Command(hostBinary(toolchain), { args: ["courier"], env, clearEnv: true }).spawn();
  const peaks: number[] = [];
  const timer = setInterval(() => {
    const status = Deno.readTextFileSync(`/proc/${child.pid}/status`);
    const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(status) ?? [];
    // A process that has just ended tells no more.
    if (kilobytes !== undefined) peaks.push(Number(kilobytes) / 1024);
  }, 250);
  await child.status.finally(() => clearInterval(timer));
  const seconds = (performance.now() - start) / 1_000;
  const early = peaks[Math.floor(peaks.length / 10)];
  console.log(
    `${toolchain}: ${count} signals, ${server.distinct} arrived, ${server.twice} twice, ` +
      `${server.requests.length} requests, ${seconds.toFixed(1)} s; peak memory ` +
      `${early?.toFixed(0)} MB after a tenth of the time, ${peaks.at(-1)?.toFixed(0)} MB in all; ` +
      `${world.queued().length} left`,
  );
} finally {
  await server.stop();
  await world.close();
}
