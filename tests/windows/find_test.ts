import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { windowsPath } from "../helpers/wine.ts";
import { inWindows, windows, type WindowsStart, type WindowsWorld } from "../helpers/windows_world.ts";

/** Puts a batch file somewhere that says its own name. */
function placeTool(world: WindowsWorld, name: string, folder?: string): void {
  world.write(name, `@echo ${name} in "%~dp0"\n`, folder);
}

async function runs(world: WindowsWorld, command: string, how?: WindowsStart): Promise<string> {
  const { status, stdout, stderr } = await world.gs(`run -- ${command}`, how);
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

test(
  "a command of the working directory comes before one on PATH, unless the caller's rules say otherwise",
  windows,
  () =>
    inWindows(async (world) => {
      placeTool(world, "tool.cmd");
      placeTool(world, "tool.cmd", world.bin);
      assert.equal(await runs(world, "tool"), `tool.cmd in "${windowsPath(world.work)}\\"`);
      const env = { NoDefaultCurrentDirectoryInExePath: "1" };
      assert.equal(await runs(world, "tool", { env }), `tool.cmd in "${windowsPath(world.bin)}\\"`);
      assert.equal(await runs(world, ".\\tool", { env }), `tool.cmd in "${windowsPath(world.work)}\\"`);
    }),
);

test("PATHEXT says which file of a name is run", windows, () =>
  inWindows(async (world) => {
    for (const ending of ["cmd", "bat"]) placeTool(world, `tool.${ending}`);
    assert.match(await runs(world, "tool", { env: { PATHEXT: ".CMD;.BAT" } }), /^tool\.cmd /);
    assert.match(await runs(world, "tool", { env: { PATHEXT: ".BAT;.CMD" } }), /^tool\.bat /);
    assert.match(await runs(world, "tool", { env: { PATHEXT: undefined } }), /^tool\.bat /);
    assert.match(await runs(world, "tool.cmd", { env: { PATHEXT: ".BAT" } }), /^tool\.cmd /);
    assert.equal((await world.gs("run -- tool", { env: { PATHEXT: ".EXE" } })).status, 127);
  }));

test("a command is found by every way to write its place", windows, () =>
  inWindows(async (world) => {
    const folder = world.makeFolder("a b");
    placeTool(world, "tool.cmd", folder);
    const place = windowsPath(folder);
    const ways = [
      '".\\a b\\tool"',
      '"a b/tool.cmd"',
      `"${place}\\tool"`,
      `"${place.replaceAll("\\", "/")}/tool.cmd"`,
    ];
    for (const way of [...ways, `"${place.slice(0, 2)}a b\\tool"`]) {
      assert.match(await runs(world, way), /^tool\.cmd /, way);
    }
    copyFileSync(join(world.bin, "show.exe"), join(folder, "show.exe"));
    for (const way of [`"\\\\?\\${place}\\show.exe"`, `"${place}\\show"`]) {
      assert.equal((await world.gs(`run -- ${way}`)).status, 0, way);
    }
  }));

test("a name with a dot is a name", windows, () =>
  inWindows(async (world) => {
    copyFileSync(join(world.bin, "show.exe"), join(world.bin, "kubectl-gs.v2.exe"));
    for (const name of ["kubectl-gs.v2", "kubectl-gs.v2.exe", "KUBECTL-GS.V2"]) {
      assert.equal((await world.shown(`"${world.program}" run -- ${name} x`)).words[1], "x");
    }
  }));

test("a folder of the command's name is passed over", windows, () =>
  inWindows(async (world) => {
    mkdirSync(join(world.work, "tool.exe"));
    placeTool(world, "tool.cmd", world.bin);
    assert.match(await runs(world, "tool"), /^tool\.cmd /);
  }));

test("a program of every ending that Windows runs is run", windows, () =>
  inWindows(async (world) => {
    for (const name of ["tool.exe", "tool.com"]) {
      copyFileSync(join(world.bin, "show.exe"), join(world.work, name));
      assert.equal((await world.shown(`"${world.program}" run -- ${name} a`)).commandLine, `${name} a`);
    }
  }));
