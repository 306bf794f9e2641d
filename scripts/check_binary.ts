/**
 * Does the main job once with a binary: runs a command through it, and receives the signal with it.
 * `TEST_PROGRAM`, a JSON array, says how to start the binary. Ends with status 1, and with the reason in one line,
 * if no signal arrives.
 *
 * The command and its profile are stand-ins. So it does not matter what is installed on this machine, linked to
 * perhaps, or which profiles are built into the binary.
 *
 * @module
 */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { World } from "./world/world.ts";

const tool = "stand-in-for-a-tool";
const root = { name: tool, commands: [{ name: "login" }] };
const profile = { name: tool, displayName: tool, match: [[tool]], appID: crypto.randomUUID(), root };

async function check(world: World): Promise<void> {
  const file = join(world.home, "profile.json");
  writeFileSync(file, JSON.stringify(profile));
  writeFileSync(join(world.bin, tool), '#!/bin/sh\necho "$*"\nexit 42\n', { mode: 0o755 });
  const words = ["run", "--profile", file, "--", tool, "login", "my-cluster"];
  // A team's build may take its salt from where this machine has none.
  const result = await world.runToSink(words, { env: { GS_TELEMETRY_SALT: "of a check" } });
  assert.equal(result.stdout, "login my-cluster\n", `the command's output is '${result.stdout}'`);
  assert.equal(result.status, 42, `the command's exit status is ${result.status}: ${result.stderr}`);
  // Under an emulator the program cannot start itself again, so the courier is started from here.
  await world.run(["courier"], { env: { GS_TELEMETRY_COURIER: "1" } });
  const [signal] = await (await world.sink()).waitFor(1);
  assert.equal(signal.payload.command, `${tool} login`, `the signal is of '${signal.payload.command}'`);
}

const world = new World();
try {
  await check(world);
} catch (error) {
  console.error(`check: ${(error as Error).message.split("\n")[0]}`);
  process.exitCode = 1;
} finally {
  await world.close();
}
