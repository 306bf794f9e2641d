import assert from "node:assert/strict";
import { test } from "node:test";
import { inWindows, windows } from "../helpers/windows_world.ts";

// 0xC000013A ends a process on Ctrl-C, 0xC0000005 is a crash.
const statuses = [0, 1, 2, 125, 126, 127, 128, 255, 256, 259, 3221225786, 3221225477, 4294967295];

test("the exit status is the command's, all 32 bits of it", windows, () =>
  inWindows(async (world) => {
    for (const status of statuses) {
      const result = await world.gs("run -- show", { env: { SHOW_STATUS: `${status}` } });
      assert.equal(result.status, status);
    }
  }));

test(
  "the exit status of a batch file is the one that it ends with",
  windows,
  () =>
    inWindows(async (world) => {
      world.write("ends.cmd", "@exit /b %1");
      for (const status of [0, 7, 255]) {
        assert.equal((await world.gs(`run -- ends ${status}`)).status, status);
      }
    }),
);

test("--wait passes on the exit status, too", windows, () =>
  inWindows(async (world) => {
    const sink = await world.sink();
    const result = await world.gs("run --wait=20 -- show", { env: { SHOW_STATUS: "3221225786" } });
    assert.equal(result.status, 3221225786);
    assert.equal(sink.arrived().length, 1);
  }));

test(
  "a command that is not there ends with 127 and Windows' own words",
  windows,
  () =>
    inWindows(async (world) => {
      for (const name of ["nothing", "nothing.exe", "Z:\\nothing\\tool", "nothing.v2"]) {
        const { status, stderr } = await world.gs(`run -- ${name}`);
        assert.equal(status, 127);
        assert.equal(
          stderr,
          `gs-telemetry: cannot run '${name}': The system cannot find the file specified\n`,
        );
      }
    }),
);

test(
  "what is no program ends with 126 and a line that says what to do",
  windows,
  () =>
    inWindows(async (world) => {
      world.write("script.ps1", "exit 0");
      world.write("plain", "");
      world.write("broken.exe", "no program");
      const ends: Record<string, RegExp> = {
        "script.ps1": /is a PowerShell script; run it by PowerShell: powershell -File script\.ps1$/m,
        ".\\plain": /it is not a program: its name has no ending$/m,
        ".\\broken.exe": /it is not a program that Windows can run$/m,
        ".\\folder": /it is a directory$/m,
      };
      world.makeFolder("folder");
      for (const [name, message] of Object.entries(ends)) {
        const { status, stderr } = await world.gs(`run -- ${name}`);
        assert.equal(status, 126, name);
        assert.match(stderr, message);
      }
    }),
);
