/**
 * One request to an ingest server, and what its answer means.
 *
 * @module
 */

import { readRetryAfter } from "./backoff.ts";
import { failureReason } from "./failure_reason.ts";

/** What became of a request: taken, refused for good, or to be tried again. */
export type PostOutcome =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly status: number }
  | {
    readonly kind: "failed";
    readonly reason: string;
    /** Whether there was any answer. */
    readonly answered: boolean;
    /** In milliseconds. */
    readonly retryAfter?: number;
  };

// Where TelemetryDeck's own SDKs give up; every other answer may be another one next time.
const finalStatuses = [400, 401, 403, 404, 413, 422, 501, 505];

/**
 * Sends one request. Redirects are not followed: a signal goes where it was meant to go.
 *
 * @param timeout In milliseconds. Whether a request that was cut off has been taken is not known.
 */
export async function post(url: string, body: string, timeout: number): Promise<PostOutcome> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
    });
    // The status alone decides, so a server that never ends its answer does not hold this up.
    response.body?.cancel().catch(() => {});
    return readAnswer(response);
  } catch (error) {
    return { kind: "failed", answered: false, reason: failureReason(error, timeout) };
  }
}

function readAnswer({ ok, status, headers }: Response): PostOutcome {
  if (ok) return { kind: "accepted" };
  if (finalStatuses.includes(status)) return { kind: "refused", status };
  const present = Date.parse(headers.get("date") ?? "") || Date.now();
  const retryAfter = readRetryAfter(headers.get("retry-after"), present);
  return { kind: "failed", answered: true, reason: `status ${status}`, retryAfter };
}
