/**
 * What stays in memory while a wrapped command runs, and what the courier takes, from Linux's own account.
 *
 * @module
 */

import type { Case } from "./cases.ts";

const lookEvery = 10;
const limit = 30_000;

/**
 * Runs a command that waits under a wrapper, and adds up what the other processes take.
 *
 * @returns The proportional set size in KiB of all processes but the command itself.
 */
export async function residentMemory({ wrapper = [], env }: Case): Promise<number> {
  const [program, ...args] = [...wrapper, "sleep", "1000"];
  const child = new Deno.Command(program, {
    args,
    env,
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  })
    .spawn();
  // Some wrappers give the command its path for a name.
  const isCommand = (pid: number) => /^([^\0]*\/)?sleep\0\d+\0$/.test(read(pid, "cmdline"));
  const command = await until(() => [child.pid, ...descendants(child.pid)].find(isCommand));
  const others = [child.pid, ...descendants(child.pid)].filter((pid) => pid !== command);
  const sizes = others.map((pid) => Number(/^Pss:\s+(\d+)/m.exec(read(pid, "smaps_rollup"))?.[1] ?? 0));
  Deno.kill(command, "SIGKILL");
  await child.status;
  return sizes.reduce((sum, size) => sum + size, 0);
}

function descendants(parent: number): number[] {
  const children = threads(parent).flatMap((thread) => read(parent, `task/${thread}/children`).split(" "))
    .filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function threads(pid: number): string[] {
  try {
    return Array.from(Deno.readDirSync(`/proc/${pid}/task`), ({ name }) => name);
  } catch {
    return [];
  }
}

function read(pid: number, file: string): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/${file}`);
  } catch {
    return "";
  }
}

async function until<T>(find: () => T | undefined): Promise<T> {
  const end = performance.now() + limit;
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error("the command did not start");
    await new Promise((resolve) => setTimeout(resolve, lookEvery));
  }
}
