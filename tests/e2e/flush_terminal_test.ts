import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { type FaultServer, withServer } from "../helpers/fault_server.ts";
import { program, until, type World } from "../helpers/harness.ts";
import { plantSignals } from "../helpers/plant.ts";
import { converse, keys } from "../helpers/terminal.ts";

const hasScript = spawnSync("script", ["--version"]).status === 0;
const skip = hasScript ? false : "needs script";
const hidden = "\x1b[?25l";
const clean = "\x1b[?25h\x1b[?7h\x1b8";
const nothing = new Promise<void>(() => {});

/** Flushes in a terminal of that width and gives all that it was sent. */
async function flushIn(world: World, server: FaultServer, columns: number): Promise<string> {
  plantSignals(world, 250, server.endpoint);
  const words = program.map((word) => `'${word}'`).join(" ");
  const line = `stty cols ${columns} rows 20; ${words} flush`;
  const env = { SHELL: "/bin/sh", TERM: "xterm" };
  const { status, stdout } = await world.execute(["script", "-qec", line, "/dev/null"], { env });
  assert.equal(status, 0);
  return stdout;
}

for (const columns of [30, 40, 100]) {
  test(
    `flush shows its progress on a terminal of ${columns} columns and leaves it clean`,
    { skip },
    () =>
      withServer(async (world, server) => {
        const shown = await flushIn(world, server, columns);
        assert.ok(shown.endsWith(`${clean}\r\nAll signals are sent.\r\n`), JSON.stringify(shown));
        const bars = shown.slice(0, shown.indexOf(clean)).split("\x1b[1G").slice(1);
        // deno-lint-ignore no-control-regex -- what follows the text deletes the rest of the line
        const frames = bars.map((bar) => bar.replace(/\x1b\[0K$/, ""));
        assert.match(frames[0], /^[=-]+ 0\/250 signals {2}0 %$/);
        assert.match(frames.at(-1)!, /^=+ 250\/250 signals {2}100 %$/);
        for (const frame of frames) assert.ok(frame.length <= columns, frame);
      }),
  );
}

test(
  "flush ends at Ctrl-C, leaves the terminal clean and keeps what is not sent",
  { skip },
  () =>
    withServer(async (world, server) => {
      plantSignals(world, 250, server.endpoint);
      server.hold = nothing;
      await converse(world, [...program, "flush"], async (terminal) => {
        terminal.typeWrapped("");
        await terminal.shows(/ 0\/250 signals/);
        await until(() => server.requests.length === 1, "the first request");
        terminal.type(keys.interrupt);
        assert.equal(await terminal.prompt(), "<130>");
        assert.deepEqual([terminal.count(hidden), terminal.count(clean)], [1, 1]);
      });
      assert.equal(world.queued().length, 250);
    }),
);
