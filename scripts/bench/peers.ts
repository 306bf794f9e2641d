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
    words: [binary("datadog-ci"), "trace", "--no-fail", "--"],
    env: { DATADOG_API_KEY: "0", DD_API_KEY: "0" },
  },
  { name: "dotenvx run", package: "@dotenvx/dotenvx", words: [binary("dotenvx"), "run", "--"], env: {} },
  { name: "cross-env", package: "cross-env", words: [binary("cross-env"), "A=1"], env: {} },
] as const;

/** The peers that can be measured, and why the others cannot. */
export interface Peers {
  readonly peers: readonly Peer[];
  readonly missing: Readonly<Record<string, string>>;
}

/** Installs the peers where that has not been done; the only step that needs a network. */
export async function installPeers(): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const install = ["npm", "install", "--no-audit", "--no-fund", "--prefix", folder, ...packages];
  if (!await exists(join(folder, "node_modules"))) await captureTool(install).catch(() => {});
}

/** Tries each peer out. */
export async function findPeers(): Promise<Peers> {
  const peers: Peer[] = [];
  const missing: Record<string, string> = {};
  for (const definition of definitions) {
    const failure = await tryOut(definition);
    if (failure === undefined) peers.push({ ...definition, version: await readVersion(definition.package) });
    else missing[definition.name] = failure;
  }
  return { peers, missing };
}

/** Runs a command under a peer; says why it cannot be measured. */
async function tryOut({ words, env }: typeof definitions[number]): Promise<string | undefined> {
  if (!await exists(words[0])) return "not measured: npm could not install it";
  const { success, output } = await captureTool([...words, "echo", "it ran"], env);
  return success && output.includes("it ran") ? undefined : "not measured: it did not run the command";
}

async function readVersion(name: string): Promise<string> {
  return JSON.parse(await Deno.readTextFile(join(folder, "node_modules", name, "package.json"))).version;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
