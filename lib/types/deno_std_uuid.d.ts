/**
 * Types of what is used of `deno-std/uuid`, which is @std/uuid as plain JavaScript and has none.
 *
 * @module
 */

/** Reports whether a text is a UUID (RFC 9562, versions 1 to 7, or nil). */
export function validate(uuid: string): boolean;
