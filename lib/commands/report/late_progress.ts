/**
 * Progress of what takes longer than a second, on a terminal.
 *
 * @module
 */

import { type Progress, showProgress } from "../progress.ts";
import type { OnProgress } from "../../report/progress.ts";

const quiet = 1_000;
const lookEvery = 100;

/** Begins to watch the time. */
export function lateProgress(): { update: OnProgress; stop(): void } {
  let shown: Progress | undefined;
  let nextLook = performance.now() + quiet;
  return {
    async update(done, total) {
      if (total === 0 || performance.now() < nextLook || !process.stderr.isTTY) return;
      nextLook = performance.now() + lookEvery;
      shown ??= await showProgress("%", 100);
      shown.update(Math.floor(done / total * 100));
      // The bar is drawn by a timer.
      await new Promise((resolve) => setTimeout(resolve));
    },
    stop: () => shown?.stop(),
  };
}
