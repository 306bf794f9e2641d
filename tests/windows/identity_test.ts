import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import process from "node:process";
import { test } from "node:test";
import { inWindows, windows, type WindowsWorld } from "../helpers/windows_world.ts";

/** Finds the hardware addresses of all interfaces, those that are down too, by what this machine's system says. */
function hardwareAddresses(): string[] {
  const addresses = process.platform === "linux"
    ? readdirSync("/sys/class/net").map((name) =>
      readFileSync(`/sys/class/net/${name}/address`, "utf8").trim()
    )
    : Object.values(networkInterfaces()).flatMap((each) => each?.slice(0, 1) ?? []).map(({ mac }) => mac);
  return addresses.filter((address) => /[1-9a-f]/.test(address)).sort();
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
      const name = process.platform === "linux" ? hostname().toUpperCase().slice(0, 15) : hostname();
      const identifier = (user: string, username: string, percent: string) =>
        `|windows|amd64|${name}|${hardwareAddresses().join(" ")}|-1|-1|${user}|${username}|${percent}`;
      const names = [hash(identifier("", "Jörg", "")), hash(identifier("", "Jörg", "").toLowerCase())];
      assert.ok(names.includes(await userHash(world)), (await world.gs("explain --help")).stdout);
      const env = { USER: "u", USERNAME: "n", "%USERNAME%": "p" };
      const salted = hash(`${identifier("u", "n", "p")}salt`);
      assert.equal(await userHash(world, { ...env, GS_TELEMETRY_SALT: "salt" }), salted);
    }),
);
