/**
 * A project that uses the library, on the runtime that `TEST_RUNTIME` names: a JSON array of the words that
 * run a file, such as `["node"]`. Deno imports the source; Bun and Node.js import a package from
 * `node_modules`, of JavaScript files, as a registry makes one.
 *
 * @module
 */

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { root } from "../../scripts/toolchains.ts";
import { appID, inWorld, type Result, type Sink, type World } from "./harness.ts";
import { makePackage, packageName } from "./package.ts";

/** The words that run a file. */
export const runtimeWords: readonly string[] = process.env.TEST_RUNTIME
  ? JSON.parse(process.env.TEST_RUNTIME)
  : ownRuntime();

/** Whether the runtime under test is Deno. */
export const isDeno: boolean = runtimeWords.includes("--config");

function ownRuntime(): string[] {
  return "Deno" in globalThis ? denoWords(process.execPath) : [process.execPath];
}

/** The words that run a file of a project with Deno. */
export function denoWords(deno: string, permissions: readonly string[] = ["--allow-all"]): string[] {
  return [deno, "run", "--quiet", "--no-prompt", "--config", join(root, "deno.json"), ...permissions];
}

const packageHome = isDeno ? undefined : makePackage();

/** A world with a project in it. */
export interface Project {
  readonly world: World;
  readonly sink: Sink;
  /** Runs a program that was written into the project, with the sink as its endpoint. */
  run(code: string, manner?: RunManner): Promise<Result>;
  /** Writes a program and gives the words that run it. */
  write(code: string, name?: string): string[];
  /** The environment of the project's programs. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a program gets besides its code. */
export interface RunManner {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly args?: readonly string[];
  /** The name of its file. */
  readonly name?: string;
  /** The words that run a file, if not those of the runtime under test. */
  readonly words?: readonly string[];
}

/** Runs a test with a project of its own. */
export async function inProject(test: (project: Project) => Promise<void>): Promise<void> {
  await inWorld(async (world) => {
    const folder = join(world.home, "project");
    mkdirSync(folder);
    if (packageHome) symlinkSync(join(packageHome, "node_modules"), join(folder, "node_modules"));
    const sink = await world.sink();
    const env = { GS_TELEMETRY_ENDPOINT: sink.endpoint };
    const write = (code: string, name = "program.mjs") => {
      writeFileSync(join(folder, name), code);
      return [...runtimeWords, join(folder, name)];
    };
    await test({
      world,
      sink,
      env,
      write,
      run(code, { env: more, args = [], words = runtimeWords, name } = {}) {
        const file = write(code, name).at(-1)!;
        return world.execute([...words, file, ...args], { env: { ...env, ...more } });
      },
    });
  });
}

/** The first lines of a program that has telemetry of its own. */
export function opening(options = ""): string {
  return `
    import * as library from "${packageName}";
    import process from "node:process";
    const telemetry = await library.createTelemetry({
      appID: "${appID}",
      tool: "acme",
      toolVersion: "1.4.0",
      commands: ["acme login", "acme cluster create"],
      ${options}
    });
  `;
}
