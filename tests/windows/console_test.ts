import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { windowsPath } from "../helpers/wine.ts";
import { type Shown, withoutConsole } from "../helpers/windows_show.ts";
import { inWindows, noConsole, type WindowsStart, type WindowsWorld } from "../helpers/windows_world.ts";

const inConsole = { skip: noConsole };
const interrupt = "\x03";

/** What `show.exe` tells, directly and behind the program. */
async function both(world: WindowsWorld, how: WindowsStart): Promise<readonly [Shown, Shown]> {
  const direct = await world.shown("show", how);
  return [direct, await world.shown(`"${world.program}" run -- show`, how)];
}

function eventsOf(world: WindowsWorld) {
  return { SHOW_EVENTS: "300", SHOW_READY: windowsPath(world.ready) };
}

test(
  "a Ctrl-C at the console reaches the command once, and the program does not end before it",
  inConsole,
  () =>
    inWindows(async (world) => {
      const env = { ...eventsOf(world), SHOW_STATUS: "7" };
      const how = { env, inConsole: true, typed: interrupt };
      const [direct, through] = await both(world, how);
      assert.deepEqual([direct.interrupts, direct.breaks], [1, 0]);
      assert.deepEqual([through.interrupts, through.breaks], [1, 0]);
      assert.equal((await world.gs("run -- show", how)).status, 7);
    }),
);

test(
  "a Ctrl-C reaches the command once when the program waits beside its event loop",
  inConsole,
  () =>
    inWindows(async (world) => {
      const how = { env: eventsOf(world), inConsole: true, typed: interrupt };
      await world.sink();
      const { interrupts } = await world.shown(`"${world.program}" run --wait=1 -- show`, how);
      assert.equal(interrupts, 1);
    }),
);

test(
  "a command that Ctrl-C ends has the status that it has without the program",
  inConsole,
  () =>
    inWindows(async (world) => {
      const how = { env: { SHOW_READY: windowsPath(world.ready) }, inConsole: true, typed: interrupt };
      const direct = await world.start("show", how);
      const through = await world.gs("run -- show", how);
      assert.equal(through.status, direct.status);
    }),
);

test("a Ctrl-Break reaches the command once", inConsole, (context) =>
  inWindows(async (world) => {
    const how = { env: eventsOf(world), inConsole: true, options: "gb" };
    const direct = await world.shown("show", how);
    if (direct.breaks === 0) return context.skip("Wine's console sends no Ctrl-Break");
    const through = await world.shown(`"${world.program}" run -- show`, how);
    assert.deepEqual([through.interrupts, through.breaks], [0, 1]);
  }));

test(
  "a Ctrl-C that another process of the console sends reaches the command once",
  inConsole,
  () =>
    inWindows(async (world) => {
      const [direct, through] = await both(world, { env: eventsOf(world), inConsole: true, options: "c" });
      assert.deepEqual([direct.interrupts, through.interrupts], [1, 1]);
    }),
);

// While the command runs they are not: Bun sets code page 65001 when it starts, and tells nobody what was before.
test(
  "the console's code pages are as before when the program has ended",
  inConsole,
  () =>
    inWindows(async (world) => {
      world.placeProgram(join(world.bin, "gs.exe"));
      world.write("session.cmd", "@show\n@gs run -- cmd /c exit 3\n@show\n");
      const { stdout } = await world.start("cmd /d /c session.cmd", { inConsole: true });
      const states = Array.from(withoutConsole(stdout).matchAll(/"codePages":\[[^\]]*/g), String);
      assert.equal(states.length, 2);
      assert.equal(states[1], states[0]);
    }),
);

test("input of a console is the command's", inConsole, () =>
  inWindows(async (world) => {
    const [direct, through] = await both(world, { inConsole: true });
    assert.equal(direct.console, 1);
    assert.equal(through.console, 1);
    assert.equal(through.inputMode, direct.inputMode);
  }));
