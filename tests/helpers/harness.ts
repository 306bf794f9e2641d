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
export { gathering, type Surroundings, World } from "../../scripts/world/world.ts";

/** The app ID of the tests, which the built-in profile has too. */
export const appID = "4539763B-A291-4835-B832-9BEB80CA7039";

/** An app ID that no built-in profile has. */
export const otherAppID = "0195f2b4-7d4e-4c1b-8a55-0d8f3c6b1e2a";

/** An endpoint where nobody listens. */
export const nowhere = "http://127.0.0.1:9/";

/** Runs a test in a world of its own. */
export async function inWorld(test: (world: World) => Promise<void>): Promise<void> {
  const world = new World();
  try {
    await test(world);
  } finally {
    await world.close();
  }
}
