/**
 * Records a signal: puts it into the queue and sees to it that a courier delivers it. The program and the
 * library both come through here.
 *
 * @module
 */

import { isNoticeDue, showNotice, type ToolNotice } from "../consent/notice.ts";
import {
  type CourierCommand,
  type CourierOutcome,
  ensureCourier,
  type Recorded,
} from "../delivery/courier_start.ts";
import { enqueue, type QueuedSignal } from "../delivery/queue.ts";
import type { StateDirectory } from "../directories/state_directory.ts";
import { debug, isDebugging } from "../messages.ts";
import type { Environment } from "../runtime/runtime.ts";

/** The command cannot be run, so there is nothing to count. */
export const noCommand = "there is no such command";

/** Where signals are kept, and who may have to be told first. */
export interface Place {
  /** `undefined` if the user has no home directory. */
  readonly state: StateDirectory | undefined;
  /** The notice of a tool that uses the library, or what the program's own notice calls the tool. */
  readonly notice: ToolNotice | string;
}

/** Why no signal can be recorded here and now, whatever it says. */
export type Obstacle = "there is no home to keep it in" | typeof noticeFirst;

/** The process that shows the notice sends nothing. */
export const noticeFirst = "a notice comes before the first signal";

/** Looks for what keeps any signal from being recorded here and now. Changes nothing. */
export function findObstacle({ state, notice }: Place, env: Environment): Obstacle | undefined {
  if (!state) return "there is no home to keep it in";
  return isNoticeDue(state, env, typeof notice === "string" ? undefined : notice) ? noticeFirst : undefined;
}

/** Looks for an obstacle. If it is the notice, shows it. */
export function meetObstacle(place: Place, url: string, env: Environment): Obstacle | undefined {
  const obstacle = findObstacle(place, env);
  if (obstacle && place.state) showNotice(place.state, url, place.notice, env);
  return obstacle;
}

/**
 * Records a signal.
 *
 * @param courier The words that start a courier, `undefined` for none.
 * @param isUrgent Whether somebody waits for the delivery.
 * @returns `undefined` if it cannot be kept.
 */
export function record(
  state: StateDirectory,
  queued: QueuedSignal,
  courier: CourierCommand,
  isUrgent: boolean,
): Recorded | undefined {
  if (isDebugging()) debug(describeSignal(queued));
  const name = enqueue(state, queued, Date.now());
  if (name === undefined) {
    debug(`cannot write to ${state.path}`);
    return undefined;
  }
  const recorded = { state, url: queued.url, name };
  debug(outcomes[ensureCourier(recorded, courier, isUrgent)]);
  return recorded;
}

const outcomes: Readonly<Record<CourierOutcome, string>> = {
  started: "recorded; a courier was started, which sends it in the background",
  "at work": "recorded; a courier is at work and sends it in the background",
  "backing off": "recorded; it waits, since the server is left alone after a failure: see status",
  failed: "recorded; it waits for a later run, since no courier could be started",
  "not wanted": "recorded; it waits for a flush or for a run that delivers, such as one with --wait",
};

function describeSignal({ url, signal }: QueuedSignal): string {
  const { type, payload } = signal;
  return `to ${url}: ${type} ${JSON.stringify(payload.command)}\nsignal: ${JSON.stringify(signal)}`;
}
