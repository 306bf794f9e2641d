/**
 * The courier's work: takes what is queued in batches, oldest first, sends them, and deletes what
 * was accepted. Whatever was not accepted stays.
 *
 * @module
 */

import { askConsent } from "./consent.ts";
import { lockCourier } from "./courier.ts";
import { stateDirectory } from "./paths.ts";
import { post, requestBody } from "./post.ts";
import { refreshCache } from "./profile_cache.ts";
import { runtime } from "./runtime/mod.ts";
import { type Signal, withReceivedAt } from "./signal.ts";
import { listQueue, readSpooled, removeSpooled } from "./spool.ts";
import { completeVersion } from "./tool_version.ts";
import type { Lock } from "./system/mod.ts";

/** Signals that go out in one request. */
interface Batch {
  readonly url: string;
  readonly names: readonly string[];
  readonly body: string;
}

const batchLimit = 100;
const bodyLimit = 64 * 1024;
// Signals that go elsewhere are passed over, but not so many that a long queue is read for each request.
const scanLimit = 4 * batchLimit;

// How long to wait for more before a request and before the end: short at first, so that a single
// run is delivered at once, then longer, so that a thousand in a row become few requests.
const firstPause = 250;
const longestPause = 4_000;

const lockAttempts = 10;
const lockPause = 20;

/** Delivers what is queued, until nothing is left or something cannot be delivered. */
export async function runCourier(): Promise<number> {
  const directory = stateDirectory(runtime.env);
  if (!directory) return 0;
  await refreshCache(directory);
  for (;;) {
    const lock = await takeLock(directory);
    if (!lock) return 0;
    const isDelivered = await deliverQueue(directory);
    lock.release();
    if (!isDelivered || listQueue(directory).length === 0) return 0;
  }
}

/** Tries more than once, since a run that asks whether a courier is at work holds the lock for an instant. */
async function takeLock(directory: string): Promise<Lock | undefined> {
  for (let attempt = 0; attempt < lockAttempts; attempt++) {
    const lock = lockCourier(directory);
    if (lock) return lock;
    await pause(lockPause);
  }
  return undefined;
}

/** Returns whether everything was delivered. */
async function deliverQueue(directory: string): Promise<boolean> {
  for (let length = firstPause;; length = Math.min(length * 2, longestPause)) {
    if (listQueue(directory).length < batchLimit) await pause(length);
    if (!askConsent(runtime.env).given) return false;
    const batch = await takeBatch(directory);
    if (!batch) return true;
    const outcome = await post(batch.url, batch.body);
    if (outcome.kind !== "accepted") return false;
    for (const name of batch.names) removeSpooled(directory, name);
  }
}

/** Takes the oldest signal and those that go to the same place with it. */
async function takeBatch(directory: string): Promise<Batch | undefined> {
  const names: string[] = [];
  const signals: Signal[] = [];
  let url: string | undefined;
  let length = 2;
  for (const name of listQueue(directory).slice(0, scanLimit)) {
    const entry = readSpooled(directory, name);
    if (!entry || (url !== undefined && entry.url !== url)) continue;
    const signal = withReceivedAt(await completeVersion(directory, entry), entry.recordedAt, Date.now());
    length += JSON.stringify(signal).length + 1;
    if (signals.length === batchLimit || (signals.length > 0 && length > bodyLimit)) break;
    url = entry.url;
    names.push(name);
    signals.push(signal);
  }
  return url === undefined ? undefined : { url, names, body: requestBody(signals) };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
