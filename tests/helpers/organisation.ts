/**
 * What an organisation has set up in /etc/gs-telemetry, in a mount namespace: the file's place is fixed, so that no
 * variable of a user's leads elsewhere.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import process from "node:process";
import { program, type Result, type Surroundings, type World } from "./harness.ts";

/** Why there can be no such namespace here; false if there can. */
export const noOrganisation: string | false = whyNot();

function whyNot(): string | false {
  if (process.platform !== "linux") return "needs Linux";
  if (process.getuid?.() !== 0) return "needs root";
  const { error, status } = spawnSync("unshare", ["--mount", "mount", "--bind", "/etc", "/etc"]);
  return error || status !== 0 ? "needs unshare (util-linux) and the right to mount" : false;
}

/**
 * Runs a script in a namespace with an /etc of its own, which has links to what is in the real one.
 *
 * @param setUp A script that sets up `/etc/gs-telemetry`, which is the working directory and empty.
 * @param script What is run then; `gs` stands for the program.
 */
export async function withOrganisation(
  world: World,
  setUp: string,
  script: string,
  surroundings: Surroundings = {},
): Promise<Result> {
  const words = program.map((word) => `'${word}'`).join(" ");
  const whole = `
    mkdir -p "$HOME/etc" "$HOME/real-etc"
    mount --bind /etc "$HOME/real-etc"
    ln -sf "$HOME"/real-etc/* "$HOME/etc"
    mount --bind "$HOME/etc" /etc
    rm -rf /etc/gs-telemetry
    mkdir -p /etc/gs-telemetry/profiles
    cd /etc/gs-telemetry
    umask 022
    ${setUp}
    cd "$HOME"
    gs() { ${words} "$@"; }
    set +e
    ${script}`;
  return await world.execute(["unshare", "--mount", "bash", "-ec", whole], surroundings);
}
