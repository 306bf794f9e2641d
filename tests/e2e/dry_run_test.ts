import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { appID } from "../helpers/constants.ts";
import { inWorld } from "../helpers/harness.ts";
import { plantSignals } from "../helpers/plant.ts";
import { inTerminal, noTerminal } from "../helpers/pseudo_terminal.ts";

const env = { GS_TELEMETRY_DRY_RUN: "1", GS_TELEMETRY_ENDPOINT: "http://127.0.0.1:9/" };
const run = ["run", "--app-id", appID, "--", "sh", "-c", "echo done; exit 7"];

test("a dry run runs the command, says what it would send, and leaves nothing behind", () =>
  inWorld(async (world) => {
    const before = readdirSync(world.home, { recursive: true });
    const { stdout, stderr, status } = await world.run(run, { env });
    assert.deepEqual([stdout, status], ["done\n", 7]);
    const [first, second, ...more] = stderr.split("\n");
    assert.equal(first, 'gs-telemetry: dry run: would be sent to http://127.0.0.1:9/v2/: Command.run "sh"');
    const signal = JSON.parse(second.replace("gs-telemetry: dry run: signal: ", ""));
    assert.equal(signal.payload.command, "sh");
    assert.deepEqual(more, [""]);
    assert.deepEqual(readdirSync(world.home, { recursive: true }), before);
  }));

test("a dry run says why nothing would be sent, and keeps even then what waits", () =>
  inWorld(async (world) => {
    plantSignals(world, 1, "http://127.0.0.1:9/");
    const optedOut = await world.run(run, { env: { ...env, DO_NOT_TRACK: "1" } });
    assert.equal(
      optedOut.stderr,
      "gs-telemetry: dry run: nothing would be sent: opted out by DO_NOT_TRACK\n",
    );
    const missing = await world.run(["run", "--app-id", appID, "--", "no-such-command"], { env });
    assert.match(missing.stderr, /dry run: would not be sent, since there is no such command to http/);
    assert.equal(missing.status, 127);
    const flush = await world.run(["flush"], { env });
    assert.deepEqual([flush.status, world.queued().length], [1, 1]);
    assert.match(flush.stdout + flush.stderr, /this is a dry run/);
  }));

test(
  "a dry run on a terminal neither shows the notice nor counts as seen",
  { skip: noTerminal },
  () =>
    inWorld(async (world) => {
      const shown = await inTerminal(world, `gs run --app-id ${appID} -- true`, { env });
      assert.match(
        shown,
        /^gs-telemetry: dry run: would not be sent, since a notice comes before the first signal/,
      );
      assert.equal(existsSync(world.state), false);
    }),
);

test("GS_TELEMETRY_DRY_RUN=0 and an empty one are no dry run", () =>
  inWorld(async (world) => {
    const sink = await world.sink();
    for (const value of ["0", "false", ""]) {
      await world.runToSink(run, { env: { GS_TELEMETRY_DRY_RUN: value } });
    }
    await sink.waitFor(3);
  }));
