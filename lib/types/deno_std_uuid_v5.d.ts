/**
 * Types of what is used of `deno-std/uuid/v5.js`, which is @std/uuid/v5 as plain JavaScript and has none.
 *
 * @module
 */

/**
 * Makes the UUID of a name (RFC 9562, version 5).
 *
 * @param namespace A UUID.
 * @throws {TypeError} If the namespace is not a UUID.
 */
export function generate(namespace: string, data: Uint8Array): Promise<string>;
