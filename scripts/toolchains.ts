/**
 * Finds the tools that build and test the program.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of this checkout. */
export const root: string = fileURLToPath(new URL("..", import.meta.url));

/** What the program is called, unless a build has another name. */
export const projectName = "gs-telemetry";

/** Bun, as `deno install` lays it down; this project's version, not whatever is on PATH. */
export const bun: string = join(root, "node_modules/.bin/bun");

/** Runs a tool to its end, with this terminal's output. */
export async function runTool(
  command: readonly string[],
  env: Record<string, string> = {},
): Promise<boolean> {
  const child = new Deno.Command(command[0], { args: command.slice(1), cwd: root, env, stdin: "null" });
  return (await child.spawn().status).success;
}

/** How a tool ended, what it answered, and all that it printed, warnings too. */
export interface ToolResult {
  readonly success: boolean;
  readonly stdout: string;
  readonly output: string;
}

/** Runs a tool to its end and gives what it printed. A variable that is `undefined` is kept from it. */
export async function captureTool(
  command: readonly string[],
  variables: Readonly<Record<string, string | undefined>> = {},
): Promise<ToolResult> {
  const all = Object.entries({ ...Deno.env.toObject(), ...variables });
  const env = Object.fromEntries(all.filter((each): each is [string, string] => each[1] !== undefined));
  const settings = { args: command.slice(1), cwd: root, env, clearEnv: true, stdin: "null" } as const;
  const { success, ...printed } = await new Deno.Command(command[0], settings).output();
  const stdout = new TextDecoder().decode(printed.stdout);
  return { success, stdout, output: stdout + new TextDecoder().decode(printed.stderr) };
}

/** Whether a file of this checkout is there. */
export function isThere(path: string): boolean {
  return existsSync(join(root, path));
}
