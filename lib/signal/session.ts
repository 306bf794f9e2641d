/**
 * The session ID that all runs in one terminal session share. A run loads this only if its profile asks for it.
 *
 * @module
 */

// @ts-types="../types/deno_std_uuid_v5.d.ts"
import { generate } from "deno-std/uuid/v5.js";

/** Made once, at random, for this purpose alone. */
const namespace = "8d5f1f0e-5a0b-4c53-9a52-6d4b7a0c1e97";

/**
 * Makes the session ID of a terminal session and a user: a UUID of version 5, which tells nothing of either.
 *
 * @param terminalSession See `System.terminalSession`.
 * @param clientUser The user hash.
 */
export function terminalSessionID(terminalSession: string, clientUser: string): Promise<string> {
  return generate(namespace, new TextEncoder().encode(`${terminalSession}|${clientUser}`));
}
