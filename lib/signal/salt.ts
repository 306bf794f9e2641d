/**
 * The salt of user hashes: a secret of a team's own, with which nobody else can make the same hash.
 *
 * @module
 */

import { brand, type SaltSource } from "../brand.ts";
import type { Environment } from "../runtime/runtime.ts";
import { system } from "../system/mod.ts";

const ownVariable: SaltSource = { kind: "variable", name: "GS_TELEMETRY_SALT" };

/** A salt and where it is from. */
export interface Salt {
  readonly value: string;
  /** A variable's name or a file's path. */
  readonly source: string;
}

/** Finds the salt: the user's own, or else that of this build. */
export function findSalt(env: Environment): Salt | undefined {
  return readSalt(ownVariable, env) ?? (brand.salt && readSalt(brand.salt, env));
}

/**
 * Says what is wrong if this build has to salt and finds nothing to do it with. A hash without the salt would
 * tell more of the user than the team has promised, and count the user as somebody else.
 */
export function findSaltProblem(env: Environment): string | undefined {
  if (brand.salt === undefined || findSalt(env) !== undefined) return undefined;
  return brand.salt.kind === "variable"
    ? `${brand.salt.name}, which has the salt of this build, is not set`
    : `${brand.salt.path}, which has the salt of this build, cannot be read or is empty`;
}

function readSalt(from: SaltSource, env: Environment): Salt | undefined {
  const isVariable = from.kind === "variable";
  const value = isVariable ? env(from.name) : system.files.read(from.path)?.trim();
  return value ? { value, source: isVariable ? from.name : from.path } : undefined;
}
