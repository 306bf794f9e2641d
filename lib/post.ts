import type { Signal } from "./signal.ts";

/** What became of a request. */
export type PostOutcome =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly status: number }
  | { readonly kind: "unreachable"; readonly reason: string };

const timeout = 10_000;

/** Writes the body of a request: one array of signals. */
export function requestBody(signals: readonly Signal[]): string {
  return JSON.stringify(signals);
}

/** Sends one request to an ingest server. Redirects are not followed: a signal goes where it was meant to go. */
export async function post(url: string, body: string): Promise<PostOutcome> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
    });
    await response.body?.cancel();
    return response.ok ? { kind: "accepted" } : { kind: "refused", status: response.status };
  } catch (error) {
    return { kind: "unreachable", reason: String(error) };
  }
}
