/**
 * The user that a signal is counted for: the facts about the present one, and their hash.
 *
 * @module
 */

import type { Environment } from "../consent/consent.ts";
import {
  hashIdentifier,
  type Ingredient,
  joinIngredients,
  machineIngredients,
  referenceIngredients,
} from "./identity.ts";
import type { Profile } from "../profile/profile.ts";
import { runtime } from "../runtime/mod.ts";
import { system } from "../system/mod.ts";

/** The present user. Only the hash is ever sent; the rest is for `explain`. */
export interface User {
  readonly hash: string;
  readonly ingredients: readonly Ingredient[];
  readonly isSalted: boolean;
}

/** Says who the user of a tool is, in the way that its profile chooses. */
export function presentUser(
  profile: Pick<Profile, "identity"> | undefined,
  env: Environment,
): User {
  const ingredients = ownIngredients(profile, env) ?? presentReferenceIngredients(env);
  const salt = env("GS_TELEMETRY_SALT") ?? "";
  return {
    hash: hashIdentifier(joinIngredients(ingredients), salt),
    ingredients,
    isSalted: salt !== "",
  };
}

/**
 * Gives the hash that this user's signals have, as 64 hexadecimal digits: the same from every tool on this
 * machine, and the same as from kubectl-gs.
 *
 * @param identity `machine` to tell users apart by the machine ID.
 * @example
 * ```ts
 * import { userHash } from "@giantswarm/gs-telemetry";
 *
 * console.log(userHash());
 * ```
 */
export function userHash(identity?: "machine"): string {
  return presentUser({ identity }, runtime.env).hash;
}

function ownIngredients(
  profile: Pick<Profile, "identity"> | undefined,
  env: Environment,
): Ingredient[] | undefined {
  if (profile?.identity !== "machine") return undefined;
  const user = env("USER") || env("LOGNAME") || env("USERNAME") || "";
  return machineIngredients(system.machineID(), system.machine().uid, user);
}

function presentReferenceIngredients(env: Environment): Ingredient[] {
  return referenceIngredients({
    ...system.machine(),
    os: runtime.os,
    architecture: runtime.architecture,
    user: env("USER") ?? "",
    username: env("USERNAME") ?? "",
    percentUsername: env("%USERNAME%") ?? "",
  });
}
