/**
 * How far a longer piece of work has got: a bar on a terminal, a line now and then elsewhere.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";

/** Progress that is shown. */
export interface Progress {
  update(done: number): void;
  stop(): void;
}

/** The part of cli-progress that is used here; the package has no types of its own. */
interface Bar {
  start(total: number, done: number): void;
  update(done: number): void;
  stop(): void;
}

const lineEvery = 1_000;

/** Begins to show progress on standard error. */
export async function showProgress(things: string, total: number): Promise<Progress> {
  const stream = process.stderr;
  if (!stream.isTTY) return lines(things, total);
  const { default: cliProgress } = await import("cli-progress");
  const format = `{bar} {value}/{total} ${things}  {percentage} %`;
  const bar: Bar = new cliProgress.SingleBar({ format, stream, hideCursor: true });
  bar.start(total, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}

function lines(things: string, total: number): Progress {
  let next = 0;
  const update = (done: number) => {
    if (performance.now() < next && done < total) return;
    next = performance.now() + lineEvery;
    runtime.write(2, `${done}/${total} ${things}\n`);
  };
  return { update, stop: () => {} };
}
