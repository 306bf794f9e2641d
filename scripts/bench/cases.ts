/**
 * What is compared: the command alone, programs that do nothing, gs-telemetry in its states, and the peers.
 *
 * @module
 */

import { join } from "node:path";
import { hostBinary } from "../compile.ts";
import { bun, projectName, root } from "../toolchains.ts";
import type { Peer } from "./peers.ts";
import { nowhere, type TestServer } from "./servers.ts";

/** A command line to measure. */
export interface Case {
  readonly name: string;
  /** The words in front of the command; nothing where the case is a program by itself. */
  readonly wrapper?: readonly string[];
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether each run begins with an empty queue and no courier, so that it starts one. */
  readonly startsCourier?: boolean;
  /** Whether a courier is to be at work when it is run. */
  readonly needsCourier?: boolean;
}

/** The toolchains of the binaries. */
export const toolchains = ["bun", "deno"] as const;
export type Toolchain = typeof toolchains[number];

/** The servers that signals are sent to. */
export interface Servers {
  readonly healthy: TestServer;
  readonly silent: TestServer;
  readonly dropping: TestServer;
}

/** The names of the cases of a binary, by what they are. */
export function caseNames(toolchain: Toolchain) {
  const of = (state: string) => `${projectName} (${toolchain}), ${state}`;
  return {
    empty: `an empty program (${toolchain})`,
    least: `the least program that becomes a command (${toolchain})`,
    optedOut: of("opted out"),
    starting: of("signal, courier started"),
    atWork: of("signal, courier at work"),
    silent: of("signal, server never answers"),
    dropping: of("signal, server drops packets"),
    nowhere: of("signal, no network"),
  };
}

/** The command by itself, against which the others are compared. */
export const commandAlone = "the command alone";

/** The programs that are compiled for the comparison alone. */
export const comparedKinds = ["empty", "least"] as const;

/** Where such a program lies. */
export function comparedProgram(kind: typeof comparedKinds[number], toolchain: Toolchain): string {
  return join(root, "dist/bench", kind, toolchain);
}

/**
 * Lists the cases.
 *
 * @param folder A folder in which each has a home of its own.
 */
export function listCases(
  folder: string,
  command: readonly string[],
  servers: Servers,
  peers: readonly Peer[],
): Case[] {
  const wrap = (name: string, wrapper: readonly string[], env: Record<string, string> = {}): Case => {
    const home = join(folder, name.replaceAll(/\W+/g, "-"));
    return { name, wrapper, words: [...wrapper, ...command], env: { ...environment(home), ...env } };
  };
  const source = (name: string, runtime: readonly string[]) =>
    wrap(`${projectName} (${name}), signal, no network`, [...runtime, join(root, "cli.ts"), "run", "--"], {
      GS_TELEMETRY_ENDPOINT: nowhere,
    });
  return [
    { ...wrap(commandAlone, []), wrapper: undefined },
    wrap("env", ["env"]),
    ...toolchains.flatMap((toolchain) => binaryCases(toolchain, folder, servers, wrap)),
    source("deno run", [Deno.execPath(), "run", "--quiet", "--no-prompt", "--allow-all"]),
    source("bun run", [bun, "run", "--no-env-file"]),
    ...peers.map(({ name, words, env }) => wrap(name, words, env)),
  ];
}

function binaryCases(
  toolchain: Toolchain,
  folder: string,
  { healthy, silent, dropping }: Servers,
  wrap: (name: string, wrapper: readonly string[], env?: Record<string, string>) => Case,
): Case[] {
  const program = join(folder, toolchain, projectName);
  const names = caseNames(toolchain);
  const to = (name: string, endpoint: string) =>
    wrap(name, [program, "run", "--"], { GS_TELEMETRY_ENDPOINT: endpoint });
  return [
    { ...wrap(names.empty, []), wrapper: undefined, words: [join(folder, toolchain, "empty")] },
    wrap(names.least, [join(folder, toolchain, "least")]),
    wrap(names.optedOut, [program, "run", "--"], { DO_NOT_TRACK: "1" }),
    { ...to(names.starting, healthy.url), startsCourier: true },
    { ...to(names.atWork, healthy.url), needsCourier: true },
    to(names.silent, silent.url),
    to(names.dropping, dropping.url),
    to(names.nowhere, nowhere),
  ];
}

/**
 * Copies the binaries, as an installation does: a copy of Bun's starts 2 ms faster than the file that its
 * compiler has just written.
 */
export async function copyPrograms(folder: string): Promise<void> {
  for (const toolchain of toolchains) {
    await Deno.mkdir(join(folder, toolchain));
    // Under its own name, as people have it; under another it looks for a tool to stand in front of.
    await Deno.copyFile(hostBinary(toolchain), join(folder, toolchain, projectName));
    for (const kind of comparedKinds) {
      await Deno.copyFile(comparedProgram(kind, toolchain), join(folder, toolchain, kind));
    }
  }
}

function environment(home: string): Record<string, string> {
  const { PATH = "", HOME = "", DENO_DIR = join(HOME, ".cache/deno") } = Deno.env.toObject();
  return {
    DENO_DIR,
    DENO_NO_UPDATE_CHECK: "1",
    GS_TELEMETRY_APP_ID: "4539763B-A291-4835-B832-9BEB80CA7039",
    GS_TELEMETRY_NO_NOTICE: "1",
    HOME: home,
    PATH,
    XDG_STATE_HOME: join(home, "state"),
  };
}
