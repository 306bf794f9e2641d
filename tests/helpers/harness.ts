/**
 * What nearly every end-to-end test uses.
 *
 * @module
 */

import { World } from "../../scripts/world/world.ts";

export type { Result } from "../../scripts/world/processes.ts";
export { program, quote } from "../../scripts/world/program.ts";
export { type Arrived, Sink } from "../../scripts/world/sink.ts";
export { until } from "../../scripts/world/waiting.ts";
export { appID, nowhere, otherAppID } from "./constants.ts";
export { gathering, type Surroundings, World } from "../../scripts/world/world.ts";

/** Runs a test in a world of its own. */
export async function inWorld(test: (world: World) => Promise<void>): Promise<void> {
  const world = new World();
  try {
    await test(world);
  } finally {
    await world.close();
  }
}
