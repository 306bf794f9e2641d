/**
 * Shows the main job on this machine, with nothing to set up: starts a local ingest server, runs
 * `kubectl gs login` through gs-telemetry, and shows what the command printed and what was sent.
 * Uses a home of its own and leaves nothing behind.
 *
 * @module
 */

import { World } from "./world/world.ts";

const world = new World();
try {
  const sink = await world.sink();
  console.log(`A local ingest server listens on ${sink.endpoint}\n`);
  const command = ["kubectl", "gs", "login", "my-cluster", "--token", "SECRET"];
  console.log(`$ gs-telemetry run -- ${command.join(" ")}`);
  const { stdout, stderr, status } = await world.runToSink(["run", "--", ...command]);
  console.log(`${stdout}${stderr}exit status: ${status}\n`);
  const signals = await sink.waitFor(1);
  console.log("The signal that arrived:");
  console.log(JSON.stringify(signals, null, 2));
} finally {
  await world.close();
}
