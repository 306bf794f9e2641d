/**
 * The anonymous user: the same person on the same machine gets the same hash as from kubectl-gs
 * itself (telemetrydeck-go, `generateUserId`), so that one user is counted once.
 *
 * @module
 */

import { hashText } from "./hash.ts";
import type { Machine } from "../system/mod.ts";

/** What the user identifier is made of. */
export interface IdentityFacts extends Machine {
  /** By Go's name, such as `linux`. */
  readonly os: string;
  /** By Go's name, such as `amd64`. */
  readonly architecture: string;
  /** The variable `USER`; an unset one is an empty text. */
  readonly user: string;
  /** The variable `USERNAME`. */
  readonly username: string;
  /** The variable whose name really is `%USERNAME%`, with the percent signs. */
  readonly percentUsername: string;
}

/** One of the facts that a user identifier is made of. */
export interface Ingredient {
  /** What it is, for people. */
  readonly name: string;
  readonly value: string | number;
}

/**
 * Writes the user identifier, which never leaves the machine: only its hash does.
 */
export function userIdentifier(facts: IdentityFacts): string {
  return joinIngredients(referenceIngredients(facts));
}

/** Lists what {@linkcode userIdentifier} is made of. */
export function referenceIngredients(facts: IdentityFacts): Ingredient[] {
  const addresses: string[] = [];
  for (const address of facts.hardwareAddresses) {
    if (isHardwareAddress(address)) addresses.push(address);
  }
  const { hostname } = facts;
  return [
    { name: "operating system", value: facts.os },
    { name: "architecture", value: facts.architecture },
    ...(hostname === undefined ? [] : [{ name: "host name", value: hostname }]),
    { name: "hardware addresses", value: addresses.sort().join(" ") },
    { name: "user number", value: facts.uid },
    { name: "group number", value: facts.gid },
    { name: "$USER", value: facts.user },
    { name: "$USERNAME", value: facts.username },
    { name: "$%USERNAME%", value: facts.percentUsername },
  ];
}

/** Writes the identifier that these ingredients make, in their order. */
export function joinIngredients(ingredients: readonly Ingredient[]): string {
  let identifier = "";
  for (const { value } of ingredients) identifier += `|${value}`;
  return identifier;
}

function isHardwareAddress(address: string): boolean {
  return address.replaceAll("0", "").replaceAll(":", "") !== "";
}

/**
 * Writes the identifier of a user by the operating system's ID of the machine, which does not change
 * with docks, VPNs and bridges; never leaves the machine either.
 *
 * @param machineID See `System.machineID`.
 * @param uid The user's number, -1 where there is none.
 * @param user The user's name.
 * @returns Nothing where the machine has no ID of its own yet.
 */
export function machineIdentifier(
  machineID: string | undefined,
  uid: number,
  user: string,
): string | undefined {
  const ingredients = machineIngredients(machineID, uid, user);
  return ingredients && joinIngredients(ingredients);
}

/** Lists what {@linkcode machineIdentifier} is made of; nothing where the machine has no ID of its own yet. */
export function machineIngredients(
  machineID: string | undefined,
  uid: number,
  user: string,
): Ingredient[] | undefined {
  const id = machineID?.trim().toLowerCase() ?? "";
  // All zeros is the nil UUID; an image that was not booted yet says "uninitialized" (machine-id(5)).
  const isOwn = /^[0-9a-f-]{32,36}$/.test(id) && /[1-9a-f]/.test(id);
  if (!isOwn) return undefined;
  return [
    { name: "kind", value: "machine" },
    { name: "machine ID", value: id },
    { name: "user number", value: uid },
    { name: "user name", value: user },
  ];
}

/**
 * Hashes a user identifier: the SHA-256 of it and the salt, in lower-case hex.
 *
 * @param salt A secret of the team that gets the signals; empty for none.
 */
export function hashIdentifier(identifier: string, salt: string): string {
  return hashText(identifier + salt);
}
