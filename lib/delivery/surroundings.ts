/**
 * What delivery needs from outside: time, chance, the network and the user's consent. Tests hand in their own.
 *
 * @module
 */

import { askConsent } from "../consent/consent.ts";
import { runtime } from "../runtime/mod.ts";
import { type Limits, limits } from "./limits.ts";
import { post, type PostOutcome } from "./post.ts";

/** The world outside of a delivery. */
export interface Surroundings {
  readonly limits: Limits;
  /** The time in milliseconds since 1970, which a user may change. */
  now(): number;
  /** Milliseconds of a clock that only goes forward. */
  uptime(): number;
  /** Waits that many milliseconds. */
  pause(milliseconds: number): Promise<void>;
  /** A random number from 0 up to 1. */
  random(): number;
  /** Sends one request, see `post`. */
  post(url: string, body: string, timeout: number): Promise<PostOutcome>;
  /** Reports whether the user allows telemetry at this moment. */
  hasConsent(): boolean;
}

/** The real world. */
export const surroundings: Surroundings = {
  limits,
  now: () => Date.now(),
  uptime: () => performance.now(),
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: () => Math.random(),
  post,
  hasConsent: () => askConsent(runtime.env).given,
};
