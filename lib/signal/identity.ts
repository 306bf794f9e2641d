/**
 * What a user identifier is made of. The same person on the same machine gets the same hash as from kubectl-gs
 * itself (telemetrydeck-go, `generateUserId`), so that one user is counted once.
 *
 * @module
 */

import type { Machine } from "../system/mod.ts";

/** How users are told apart: as the reference does, or by the operating system's ID of the machine. */
export type IdentityKind = "machine" | undefined;

/** The facts behind a user identifier. */
export interface IdentityFacts extends Machine {
  /** Go's name, such as `linux`. */
  readonly os: string;
  /** Go's name, such as `amd64`. */
  readonly architecture: string;
  /** The variable `USER`; empty if it is not set. */
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

/** Lists what the reference's user identifier is made of, in its order. */
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

function isHardwareAddress(address: string): boolean {
  return address.replaceAll("0", "").replaceAll(":", "") !== "";
}

/**
 * Lists what an identifier by the machine ID is made of. That ID does not change with docks, VPNs and bridges.
 *
 * @param machineID See `System.machineID`.
 * @param uid The user's number, -1 if the system has none.
 * @param user The user's name.
 * @returns `undefined` if the machine has no ID of its own yet.
 */
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

/** Writes the identifier that these ingredients make. It never leaves the machine: only its hash does. */
export function joinIngredients(ingredients: readonly Ingredient[]): string {
  let identifier = "";
  for (const { value } of ingredients) identifier += `|${value}`;
  return identifier;
}
