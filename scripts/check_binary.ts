/**
 * Does the main job once with a binary: runs a command through it, and receives the signal with it.
 * `TEST_PROGRAM`, a JSON array, says how to start the binary. Ends with status 1 if no signal arrives.
 *
 * @module
 */

import assert from "node:assert/strict";
import { World } from "./world/world.ts";

const world = new World();
try {
  const result = await world.runToSink(["run", "--", "kubectl", "gs", "login", "my-cluster"]);
  assert.match(result.stdout, /login my-cluster/);
  assert.equal(result.status, 42);
  // Under an emulator the program cannot start itself again, so the courier is started from here.
  await world.run(["courier"], { env: { GS_TELEMETRY_COURIER: "1" } });
  const [signal] = await (await world.sink()).waitFor(1);
  assert.equal(signal.payload.command, "kubectl gs login");
} finally {
  await world.close();
}
