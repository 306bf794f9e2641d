import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { test } from "node:test";
import { inWindows, windows, type WindowsWorld } from "../helpers/windows_world.ts";

/** Reads the hardware addresses of all adapters as Windows' own tool shows them. */
async function hardwareAddresses(world: WindowsWorld): Promise<string[]> {
  const { stdout } = await world.start("ipconfig /all");
  const found = Array.from(
    stdout.matchAll(/(?<![-\w])[0-9A-F]{2}(?:-[0-9A-F]{2}){5,7}(?![-\w])/g),
    ([text]) => text,
  );
  return found.map((text) => text.toLowerCase().replaceAll("-", ":")).filter((text) => /[1-9a-f]/.test(text))
    .sort();
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function userHash(world: WindowsWorld, env: Record<string, string | undefined> = {}): Promise<string> {
  const { stdout } = await world.gs("explain -- show", { env });
  return JSON.parse(stdout)[0].clientUser;
}

test(
  "the user identifier is the one of the formula, with -1 for user and group",
  windows,
  () =>
    inWindows(async (world) => {
      const addresses = (await hardwareAddresses(world)).join(" ");
      const identifier = (user: string, username: string, percent: string) =>
        `|windows|amd64|${hostname()}|${addresses}|-1|-1|${user}|${username}|${percent}`;
      assert.equal(await userHash(world), hash(identifier("", "Jörg", "")));
      const env = { USER: "u", USERNAME: "n", "%USERNAME%": "p" };
      const salted = hash(`${identifier("u", "n", "p")}salt`);
      assert.equal(await userHash(world, { ...env, GS_TELEMETRY_SALT: "salt" }), salted);
    }),
);
