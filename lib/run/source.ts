/**
 * Values together with where they are from, so that `explain` tells what really decided.
 *
 * @module
 */

/** Where a value is from. */
export type Source =
  /** By its full name, such as `--app-id` or `GS_TELEMETRY_APP_ID`. */
  | { readonly kind: "option" | "variable"; readonly name: string }
  /** By the profile's key, such as `appID`. */
  | { readonly kind: "profile"; readonly key: string }
  /** By the path of the organisation's settings. */
  | { readonly kind: "organisation"; readonly file: string }
  /** A team's own build says so. */
  | { readonly kind: "brand" }
  /** Nobody has said otherwise. */
  | { readonly kind: "default" };

/** A value and where it is from. */
export interface Sourced {
  readonly value: string;
  readonly source: Source;
}

/** Makes a value of a team's own build. Returns `undefined` if the build has none. */
export function byBrand(value: string | undefined): Sourced | undefined {
  return value === undefined ? undefined : { value, source: { kind: "brand" } };
}

/** Makes a value that holds if nobody has said otherwise. */
export function byDefault(value: string): Sourced {
  return { value, source: { kind: "default" } };
}
