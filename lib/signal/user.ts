/**
 * The present user, for whom signals are counted.
 *
 * @module
 */

import { hashText } from "../runtime/hash.ts";
import { runtime } from "../runtime/mod.ts";
import type { Environment } from "../runtime/runtime.ts";
import { system } from "../system/mod.ts";
import { findSalt } from "./salt.ts";
import {
  type IdentityKind,
  type Ingredient,
  joinIngredients,
  machineIngredients,
  referenceIngredients,
} from "./identity.ts";

/**
 * Hashes the present user's identifier and the salt, if there is one. The facts are read at once;
 * only the digest is awaited, so that a caller can begin early and await late.
 *
 * @returns 64 lower-case hexadecimal digits.
 */
export function hashUser(identity: IdentityKind, env: Environment): Promise<string> {
  return hashText(joinIngredients(userIngredients(identity, env)) + (findSalt(env)?.value ?? ""));
}

/** Lists what the present user's identifier is made of, for `explain`. */
export function userIngredients(identity: IdentityKind, env: Environment): Ingredient[] {
  return ownIngredients(identity, env) ?? referenceIngredients({
    ...system.machine(),
    os: runtime.os,
    architecture: runtime.architecture,
    user: env("USER") ?? "",
    username: env("USERNAME") ?? "",
    percentUsername: env("%USERNAME%") ?? "",
  });
}

function ownIngredients(identity: IdentityKind, env: Environment): Ingredient[] | undefined {
  if (identity !== "machine") return undefined;
  const user = env("USER") || env("LOGNAME") || env("USERNAME") || "";
  return machineIngredients(system.machineID(), system.machine().uid, user);
}
