import { runtime } from "../runtime/mod.ts";
import { hashUser } from "../signal/user.ts";

/**
 * Returns the hash that this user's signals have: the same from every tool on this machine, and the same as from
 * kubectl-gs.
 *
 * @param identity `machine` to tell users apart by the machine ID.
 * @returns 64 hexadecimal digits.
 * @example
 * ```ts
 * import { userHash } from "@giantswarm/gs-telemetry";
 *
 * console.log(await userHash());
 * ```
 */
export function userHash(identity?: "machine"): Promise<string> {
  return hashUser(identity, runtime.env);
}
