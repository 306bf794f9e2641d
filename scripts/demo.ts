/**
 * Shows the whole way on this machine, with nothing to set up: starts a sink of one's own, runs
 * `kubectl gs login` through gs-telemetry and shows what the command printed and what was sent, then has a few
 * users run a few commands and asks for a report. Uses a home of its own and leaves nothing behind.
 *
 * @module
 */

import { join } from "node:path";
import { Sink } from "./world/sink.ts";
import { World } from "./world/world.ts";

const runs: readonly (readonly [user: string, commands: readonly string[]])[] = [
  ["ada", ["get clusters", "get clusters", "template app"]],
  ["bob", ["login my-cluster", "get clusters"]],
  ["eve", ["get apps"]],
];

const world = new World();
const store = join(world.home, "usage.db");
const sink = await Sink.start(world, "127.0.0.1:0", store);
try {
  console.log(`A sink listens on ${sink.endpoint}\n`);
  const command = ["kubectl", "gs", "login", "my-cluster", "--token", "SECRET"];
  console.log(`$ gs-telemetry explain -- ${command.join(" ")}`);
  console.log((await world.run(["explain", "--", ...command])).stdout);
  console.log(`$ gs-telemetry run -- ${command.join(" ")}`);
  await run("tester", command);
  for (const [user, commands] of runs) {
    for (const words of commands) {
      console.log(`${user}$ gs-telemetry run -- kubectl gs ${words}`);
      await run(user, ["kubectl", "gs", ...words.split(" ")]);
    }
  }
  console.log(`\n$ gs-telemetry report ${store}`);
  console.log((await world.run(["report", store])).stdout);
} finally {
  await sink.stop();
  await world.close();
}

/** Runs a command as a user, and waits until its signal has arrived. */
async function run(user: string, command: readonly string[]): Promise<void> {
  const env = { USER: user, GS_TELEMETRY_ENDPOINT: sink.endpoint };
  const { stdout, stderr, status } = await world.run(["run", "--", ...command], { env });
  console.log(`${stdout}${stderr}exit status: ${status}`);
  await world.run(["flush"], { env });
}
