/**
 * A bash script in a pseudo-terminal, which `script` (bsdutils) provides.
 *
 * @module
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { program, type Surroundings, type World } from "./harness.ts";
import { isInstalled } from "./property.ts";

/** Why there is no pseudo-terminal here; false where there is one. */
export const noTerminal: string | false = process.platform !== "linux"
  ? "only Linux's script is known"
  : isInstalled("script") && isInstalled("bash")
  ? false
  : "script or bash is not installed";

/** Runs a script in which `gs` stands for the program; gives what the terminal shows. */
export async function inTerminal(
  world: World,
  script: string,
  { env, columns = 80 }: { env?: Surroundings["env"]; columns?: number } = {},
): Promise<string> {
  const words = program.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const file = join(world.home, "session.sh");
  writeFileSync(file, `stty rows 24 cols ${columns}\ngs() { ${words} "$@"; }\n${script}\n`);
  const { stdout } = await world.execute(["script", "-qec", `bash ${file}`, "/dev/null"], {
    env: { TERM: "xterm", SHELL: "/bin/bash", GS_TELEMETRY_NO_NOTICE: undefined, ...env },
  });
  return stdout.replaceAll("\r\n", "\n");
}
