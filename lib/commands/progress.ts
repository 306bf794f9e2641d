/**
 * How far a longer piece of work has got: a bar on a terminal, a line now and then elsewhere.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import { usualColumns } from "./page.ts";

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
const barLength = 40;
const interrupts = ["SIGINT", "SIGTERM"] as const;

/** Begins to show progress on standard error. */
export async function showProgress(things: string, total: number): Promise<Progress> {
  const stream = process.stderr;
  if (!stream.isTTY) return lines(things, total);
  const { default: cliProgress } = await import("cli-progress");
  const format = `{bar} {value}/{total} ${things}  {percentage} %`;
  const textLength = ` ${total}/${total} ${things}  100 %`.length;
  const barsize = Math.max(0, Math.min(barLength, (stream.columns || usualColumns) - textLength));
  const options = { format, stream, barsize, hideCursor: true, gracefulExit: false };
  const bar: Bar = new cliProgress.SingleBar(options);
  bar.start(total, 0);
  const stopWatching = onInterrupt(() => bar.stop());
  return { update: (done) => bar.update(done), stop: () => (stopWatching(), bar.stop()) };
}

/** Does something before an interrupted process dies of the signal, as it would have anyway. */
function onInterrupt(act: () => void): () => void {
  const die = (signal: NodeJS.Signals) => {
    stop();
    act();
    process.kill(process.pid, signal);
  };
  const listeners = interrupts.map((signal) => [signal, () => die(signal)] as const);
  const stop = () => listeners.forEach(([signal, listener]) => process.off(signal, listener));
  listeners.forEach(([signal, listener]) => process.on(signal, listener));
  return stop;
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
