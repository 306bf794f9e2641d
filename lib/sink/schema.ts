/**
 * The documented schema of TelemetryDeck's ingest API v2
 * (https://telemetrydeck.com/docs/ingest/v2), to check what arrives.
 *
 * @module
 */

import * as v from "valibot";
import { parseHour } from "./hour.ts";

/** A signal as the ingest API takes it, from whichever SDK. */
export interface IngestedSignal {
  /** The app, a UUID. */
  appID: string;
  /** A hash of the user's identifier. */
  clientUser: string;
  /** The type of the signal. */
  type: string;
  /** The same for the same session of the same user. */
  sessionID?: string;
  /** Whether the signal is left out of production queries. */
  isTestMode?: boolean;
  /** A measurement. */
  floatValue?: number;
  /** When the signal was recorded, in ISO 8601. */
  receivedAt?: string;
  /** Further data, flat. */
  payload?: Record<string, string | number | boolean>;
}

const text: v.GenericSchema<string> = v.pipe(v.string(), v.nonEmpty());

type Payload = Required<IngestedSignal>["payload"];

const payload: v.GenericSchema<Payload> = v.pipe(
  v.custom<Payload>((value) => !Array.isArray(value), "Invalid type: Expected Object but received Array"),
  v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
);

const ingestedSignal: v.GenericSchema<IngestedSignal> = v.strictObject({
  appID: v.pipe(v.string(), v.uuid()),
  clientUser: text,
  type: text,
  sessionID: v.optional(v.string()),
  isTestMode: v.optional(v.boolean()),
  floatValue: v.optional(v.pipe(v.number(), v.finite())),
  receivedAt: v.optional(v.pipe(
    v.string(),
    v.isoTimestamp(),
    v.check((time) => parseHour(time) !== undefined, "Invalid timestamp: Expected a date that exists"),
  )),
  payload: v.optional(payload),
});

const ingestBody: v.GenericSchema<IngestedSignal[]> = v.pipe(v.array(ingestedSignal), v.nonEmpty());

/** A body that was understood, or what is wrong in it and where. */
export type CheckedBody =
  | { readonly signals: IngestedSignal[] }
  | { readonly field: string; readonly problem: string };

/** Checks the body of a request to the ingest API. */
export function checkBody(body: string): CheckedBody {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { field: "body", problem: "is not JSON" };
  }
  const result = v.safeParse(ingestBody, value);
  // What arrived, not the schema's copy, whose keys are in another order.
  if (result.success) return { signals: value as IngestedSignal[] };
  const [issue] = result.issues;
  return { field: v.getDotPath(issue) ?? "body", problem: issue.message };
}
