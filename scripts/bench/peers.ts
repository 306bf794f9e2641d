/**
 * Other programs from npm that wrap a command.
 *
 * @module
 */

import { join } from "node:path";
import { captureTool, root } from "../toolchains.ts";

/** A program that wraps a command. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  /** The words that stand before the command. */
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const folder = join(root, "dist/peers");
const binary = (name: string) => join(folder, "node_modules/.bin", name);
// Nobody listens there, so its network call is refused at once.
const sentryDSN = "http://0123456789abcdef0123456789abcdef@127.0.0.1:1/1";

const packages = ["@sentry/cli", "@datadog/datadog-ci", "@dotenvx/dotenvx", "cross-env"] as const;

const definitions = [
  {
    name: "sentry-cli monitors run",
    package: "@sentry/cli",
    words: [binary("sentry-cli"), "monitors", "run", "bench", "--"],
    env: { SENTRY_DSN: sentryDSN },
  },
  {
    name: "sentry-cli, without its npm wrapper",
    package: "@sentry/cli",
    words: [
      join(folder, "node_modules/@sentry/cli-linux-x64/bin/sentry-cli"),
      "monitors",
      "run",
      "bench",
      "--",
    ],
    env: { SENTRY_DSN: sentryDSN },
  },
  {
    // Outside of a CI service that it knows it sends nothing, which is its best case.
    name: "datadog-ci trace",
    package: "@datadog/datadog-ci",
    words: [binary("datadog-ci"), "trace", "--"],
    env: { DATADOG_API_KEY: "0", DD_API_KEY: "0" },
  },
  { name: "dotenvx run", package: "@dotenvx/dotenvx", words: [binary("dotenvx"), "run", "--"], env: {} },
  { name: "cross-env", package: "cross-env", words: [binary("cross-env"), "A=1"], env: {} },
] as const;

/** Installs the peers where that has not been done; gives none, and why, where that cannot be done. */
export async function installPeers(): Promise<readonly Peer[]> {
  await Deno.mkdir(folder, { recursive: true });
  const isInstalled = await exists(join(folder, "node_modules"));
  const install = ["npm", "install", "--no-audit", "--no-fund", "--prefix", folder, ...packages];
  const { success, output } = isInstalled ? { success: true, output: "" } : await captureTool(install);
  if (!success) console.error(`the peers cannot be installed: ${output.trim()}`);
  const peers: Peer[] = [];
  for (const definition of definitions) {
    if (!await exists(definition.words[0])) continue;
    const manifest = join(folder, "node_modules", definition.package, "package.json");
    const { version } = JSON.parse(await Deno.readTextFile(manifest));
    peers.push({ ...definition, version });
  }
  return peers;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
