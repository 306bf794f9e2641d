import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inProject, type Project } from "../helpers/project.ts";
import { root } from "../../scripts/toolchains.ts";

const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Runs an example with arguments and gives what it prints. */
async function call({ run }: Project, example: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await run(read(`examples/${example}`), { args, name: "program.ts" });
  assert.equal(stderr, "");
  return stdout;
}

test("the README's program sends a true signal", () =>
  inProject(async ({ sink, run }) => {
    const [, code] = /^## Use the library$[\s\S]*?^```ts\n([\s\S]*?)^```/m.exec(read("README.md")) ?? [];
    assert.ok(code.split("\n").length <= 11, "it has ten lines at most");
    const { status, stderr } = await run(code);
    assert.deepEqual([status, stderr], [0, ""]);
    const [{ payload }] = await sink.waitFor(1);
    assert.equal(payload.command, "acme login");
  }));

test("the plain example counts its commands", () =>
  inProject(async (project) => {
    assert.equal(await call(project, "plain.ts", "hello", "Ada"), "Hello, Ada!\n");
    const [{ payload }] = await project.sink.waitFor(1);
    assert.deepEqual([payload.command, payload.appVersion], ["greet hello", "1.0.0"]);
  }));

test("the commander example counts its commands and obeys its switches", () =>
  inProject(async (project) => {
    assert.equal(await call(project, "commander.ts", "goodbye", "Ada"), "Goodbye, Ada!\n");
    await project.sink.waitFor(1);
    assert.equal(await call(project, "commander.ts", "telemetry", "off"), "Telemetry is off. Deleted: 0\n");
    await call(project, "commander.ts", "hello");
    assert.match(
      await call(project, "commander.ts", "telemetry", "status"),
      /^Telemetry is off, by .*json\n$/,
    );
    await call(project, "commander.ts", "telemetry", "on");
    await call(project, "commander.ts", "hello");
    const arrived = await project.sink.waitFor(2);
    assert.deepEqual(arrived.map(({ payload }) => payload.command), ["greet goodbye", "greet hello"]);
  }));
