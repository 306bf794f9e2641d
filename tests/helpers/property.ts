/**
 * A property of a process, measured three ways: the command run directly, under `env`, and under
 * the program. What the program does may not differ from a direct run, save where a limit says so.
 *
 * @module
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { accessSync, appendFileSync, constants, mkdirSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { appID, gathering, inWorld, nowhere, program, type Result, type World } from "./harness.ts";
import { isEmulated, type Limits, way, wrapper } from "./way.ts";

/** What a property needs and where it does not hold. */
export interface Conditions {
  /** Tools besides bash and coreutils. */
  readonly needs?: readonly string[];
  /** Needs the right to make namespaces and to change the user. */
  readonly root?: boolean;
  /** Runs the script where mounts are its own. */
  readonly mounts?: boolean;
  /** Runs the program as the user 65534, who has to be able to reach it. */
  readonly otherUser?: boolean;
  /** Why the property need not hold in a way. */
  readonly limits?: Limits;
  /** Why the property holds in some runs only; it is not measured there. */
  readonly unsteady?: Limits;
  /** Why an emulator such as QEMU's user mode cannot judge the property. */
  readonly emulator?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What came of the three runs of a property. */
interface Outcome {
  readonly direct: unknown;
  readonly env: unknown;
  readonly program: unknown;
}

/** A signal is recorded and a courier started in every run; it finds nobody to talk to and ends. */
export const telemetry = {
  GS_TELEMETRY_APP_ID: appID,
  GS_TELEMETRY_ENDPOINT: nowhere,
};

/** The courier is still there when the command looks around. */
export const courierStays = { GS_TELEMETRY_LIMITS: gathering };

/**
 * Declares a property by a bash script in which `"$@"` stands for the wrapper: nothing, `env`, or the
 * program. What the script prints and how it ends is compared.
 */
export function property(name: string, script: string, conditions: Conditions = {}): void {
  measuredProperty(name, (world, wrapper) => runScript(world, script, wrapper, conditions), conditions);
}

/** Declares a property by a function that gives what is compared. */
export function measuredProperty(
  name: string,
  measure: (world: World, wrapper: readonly string[]) => Promise<unknown>,
  conditions: Conditions = {},
): void {
  const skip = missing(conditions);
  if (skip) report(name, { skipped: skip });
  test(name, { skip: skip ?? false }, () =>
    inWorld(async (world) => {
      const outcome = {
        direct: await measure(world, []),
        env: await measure(world, ["env"]),
        program: await measure(world, wrapper),
      };
      judge(name, outcome, conditions.limits?.[way]);
    }));
}

/** Runs a script in an empty folder, the same one each time. */
async function runScript(
  world: World,
  script: string,
  wrapper: readonly string[],
  { env, mounts }: Conditions,
): Promise<Result> {
  const cwd = join(world.home, "work");
  rmSync(cwd, { recursive: true, force: true });
  mkdirSync(cwd);
  const shell = mounts ? ["unshare", "-m", "bash"] : ["bash"];
  const result = await world.execute([...shell, "-c", script, "bash", ...wrapper], {
    cwd,
    env: { ...telemetry, ...env },
  });
  return { ...result, stdout: withoutThreadSignals(result.stdout) };
}

/** The C library keeps the signals 32 and 33 to itself; a program can neither set nor see what they do. */
export function withoutThreadSignals(text: string): string {
  return text.replaceAll(
    /^(Sig\w+:\t)([0-9a-f]{16})$/gm,
    (_, name, set) => name + (BigInt(`0x${set}`) & ~0x1_8000_0000n).toString(16).padStart(16, "0"),
  );
}

function judge(name: string, { direct, env, program }: Outcome, limit: string | undefined): void {
  const envDiffers = !isEqual(env, direct);
  const holds = isEqual(program, direct) || (envDiffers && isEqual(program, env));
  report(name, { env: !envDiffers, program: holds, limit });
  // A newer release of a runtime may have outgrown a limit, as Deno 2.9 has that of arguments.
  if (limit === undefined && !holds) assert.deepEqual(program, direct);
}

function isEqual(one: unknown, other: unknown): boolean {
  try {
    assert.deepEqual(one, other);
    return true;
  } catch {
    return false;
  }
}

function missing({ needs = [], root, otherUser, unsteady, emulator }: Conditions): string | undefined {
  if (process.platform !== "linux") return "only Linux is measured";
  if (isEmulated && emulator) return emulator;
  if (root && process.getuid?.() !== 0) return "needs root";
  const tool = needs.find((name) => !isInstalled(name));
  if (tool) return `${tool} is not installed`;
  if (unsteady?.[way]) return `does not always hold: ${unsteady[way]}`;
  return otherUser && !isReachableForOthers() ? "another user cannot reach the program" : undefined;
}

function isReachableForOthers(): boolean {
  const asOther = ["--reuid=65534", "--regid=65534", "--clear-groups", "test", "-x"];
  return program.every((word) =>
    !word.startsWith("/") || spawnSync("setpriv", [...asOther, word]).status === 0
  );
}

/** Whether a tool is on PATH. */
export function isInstalled(tool: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Adds a line to the file that `scripts/transparency.ts` makes its table from, if it asked for one. */
function report(name: string, row: Record<string, unknown>): void {
  const file = process.env.TRANSPARENCY_REPORT;
  if (file) appendFileSync(file, JSON.stringify({ name, way, ...row }) + "\n");
}
