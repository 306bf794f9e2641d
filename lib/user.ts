/**
 * The user that a signal is counted for: the facts about the present one, and their hash.
 *
 * @module
 */

import type { Environment } from "./consent.ts";
import {
  type Ingredient,
  joinIngredients,
  machineIngredients,
  referenceIngredients,
  userHash,
} from "./identity.ts";
import type { Profile } from "./profile/profile.ts";
import { runtime } from "./runtime/mod.ts";
import { system } from "./system/mod.ts";

/** The present user. Only the hash is ever sent; the rest is for `explain`. */
export interface User {
  readonly hash: string;
  readonly ingredients: readonly Ingredient[];
  readonly isSalted: boolean;
}

/** Says who the user of a tool is, in the way that its profile chooses. */
export async function presentUser(profile: Profile | undefined, env: Environment): Promise<User> {
  const ingredients = ownIngredients(profile, env) ?? presentReferenceIngredients(env);
  const salt = env("GS_TELEMETRY_SALT") ?? "";
  return {
    hash: await userHash(joinIngredients(ingredients), salt),
    ingredients,
    isSalted: salt !== "",
  };
}

function ownIngredients(profile: Profile | undefined, env: Environment): Ingredient[] | undefined {
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
