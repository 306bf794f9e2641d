/**
 * A network of a test's own, in which a DNS server answers as the test wishes.
 *
 * @module
 */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { until, type World } from "./harness.ts";

/** What the server does, see `tests/fixtures/name_server.ts`. */
export interface NameServerBehaviour {
  readonly delay?: number;
  readonly code?: number;
  readonly a?: readonly number[];
  readonly aaaa?: readonly number[];
}

const flags = "Deno" in globalThis ? ["--quiet", "--no-prompt", "--allow-all"] : [];

/** The command that runs a server of `tests/fixtures`. */
export function fixture(name: string, ...args: string[]): string[] {
  return [process.execPath, "run", ...flags, join(fixtures, name), ...args];
}

const fixtures = fileURLToPath(new URL("../fixtures", import.meta.url));

// Packets to 10.0.0.2 and fd00::2 are lost.
const network = `
  ip link set lo up
  ip link add near type veth peer name far; ip link set near up; ip link set far up
  ip addr add 10.0.0.1/24 dev near; ip addr add fd00::1/64 dev near nodad
  for lost in 10.0.0.2 fd00::2; do ip neigh add $lost lladdr 02:00:00:00:00:02 nud permanent dev near; done`;

const setUp = `${network}
  for file in resolv.conf nsswitch.conf; do mount --bind "$1/$file" /etc/$file; done; shift
  exec "$@"`;

const probe = `${network}; test -e /etc/nsswitch.conf; nsenter --version`;
const canUnshare = spawnSync("unshare", ["-rnm", "sh", "-ec", probe]).status === 0;

/** Why a test cannot have a network of its own, if so. */
export const skipNameServer = canUnshare ? false : "needs unshare, nsenter, ip and the right to use them";

/** The server, and the way into its network. */
export class NameServer {
  /** What runs a command there. */
  readonly prefix: readonly string[];
  /** What was asked for. */
  readonly questions: string[] = [];
  readonly #child: ChildProcess;

  private constructor(world: World, behaviour: NameServerBehaviour) {
    // A lookup without an answer lasts as long as the C library lets it.
    const options = "options timeout:30 attempts:1";
    writeFileSync(join(world.home, "resolv.conf"), `nameserver 127.0.0.1\n${options}\n`);
    writeFileSync(join(world.home, "nsswitch.conf"), "hosts: files dns\n");
    const command = fixture("name_server.ts", JSON.stringify(behaviour));
    const args = ["-rnm", "sh", "-ec", setUp, "sh", world.home, ...command];
    this.#child = spawn("unshare", args, { env: world.environment(), stdio: ["ignore", "pipe", "inherit"] });
    const pid = String(this.#child.pid);
    this.prefix = ["nsenter", "--target", pid, "--user", "--net", "--mount", "--preserve-credentials", "--"];
    this.#child.stdout!.on("data", (chunk) => this.questions.push(...String(chunk).trim().split("\n")));
  }

  static async start(world: World, behaviour: NameServerBehaviour): Promise<NameServer> {
    const server = new NameServer(world, behaviour);
    await until(() => server.questions.shift() === "ready", "the name server");
    return server;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    if (this.#child.kill("SIGKILL")) await ended;
  }
}
