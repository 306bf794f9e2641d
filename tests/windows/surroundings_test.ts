import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { windowsPath } from "../helpers/wine.ts";
import { inWindows, windows } from "../helpers/windows_world.ts";

test(
  "a command finds the environment that it would find without the program",
  windows,
  () =>
    inWindows(async (world) => {
      const env = {
        "=C:": "C:\\windows",
        "=ExitCode": "00000003",
        "odd name": "1",
        "lower": "a",
        "Ünïcödé 名": "\u{1F600}",
        "EMPTY": "",
        "equals": "a=b=c",
        "quoted": '"a b"',
        "long": "x".repeat(30_000),
        "BUN_OPTIONS": undefined,
      };
      const direct = await world.shown("show", { env });
      const through = await world.shown(`"${world.program}" run -- show`, { env });
      assert.deepEqual(through.environment, direct.environment);
      assert.ok(direct.environment.includes("=C:=C:\\windows"));
    }),
);

test("a profile's variables reach the command alone", windows, () =>
  inWindows(async (world) => {
    world.install("kubectl-gs.exe");
    const direct = await world.shown("kubectl-gs login", { file: join(world.bin, "kubectl-gs.exe") });
    const through = await world.shown(`"${world.program}" run -- kubectl-gs login`);
    const added = through.environment.filter((entry) => !direct.environment.includes(entry));
    assert.deepEqual(added.sort(), [
      "GS_TELEMETRY_COUNTED=KUBECTL_GS_TELEMETRY_OPTOUT",
      "KUBECTL_GS_TELEMETRY_OPTOUT=1",
    ]);
  }));

test("the working directory is the caller's", windows, () =>
  inWindows(async (world) => {
    const cwd = world.makeFolder("a b é 名");
    const { directory } = await world.shown(`"${world.program}" run -- show`, { cwd });
    assert.equal(directory, windowsPath(cwd));
  }));

test("8 MiB pass through standard input and output unchanged", windows, () =>
  inWindows(async (world) => {
    const input = randomBytes(8 << 20);
    const { bytes } = await world.startForBytes(`"${world.program}" run -- show`, {
      input,
      env: { SHOW_INPUT: "1" },
    });
    assert.ok(input.equals(bytes));
  }));

test("nothing is added to standard output and standard error", windows, () =>
  inWindows(async (world) => {
    world.write("prints.cmd", "@echo out\n@echo err>&2\n");
    const { stdout, stderr } = await world.gs("run -- prints");
    assert.deepEqual([stdout, stderr], ["out\r\n", "err\r\n"]);
  }));

test("a descriptor of the C runtime is handed on", windows, () =>
  inWindows(async (world) => {
    const how = { env: { SHOW_HANDLE: "3" }, options: "h" };
    assert.equal((await world.shown("show", how)).written, 8);
    assert.equal((await world.shown(`"${world.program}" run -- show`, how)).written, 8);
    assert.equal(readFileSync(join(world.home, "handed"), "utf8"), "written\n");
  }));

test("whoever kills the program kills the command", windows, () =>
  inWindows(async (world) => {
    const env = { SHOW_READY: windowsPath(world.ready) };
    const { status } = await world.gs("run -- show", { env, options: "k" });
    assert.equal(status, 99);
    await world.ended("show.exe");
  }));

test(
  "what the command has started lives on when the program ends",
  windows,
  () =>
    inWindows(async (world) => {
      world.write("starts.cmd", "@start /b show.exe >nul\n");
      const env = { SHOW_READY: windowsPath(world.ready) };
      await world.gs("run -- starts", { env });
      await world.running("show.exe");
      assert.ok(!existsSync(join(world.work, "never")));
      world.kill("show.exe");
    }),
);
