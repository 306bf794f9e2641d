import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { enqueue } from "../../../../lib/delivery/queue.ts";
import { StateDirectory } from "../../../../lib/directories/state_directory.ts";
import { exampleSignal } from "../../../helpers/plant.ts";

test("enqueue makes no folder of a shortened name when the path above has backslashes", {
  skip: process.platform === "win32" ? "needs a system where that path is relative" : false,
}, () => {
  const folder = mkdtempSync(join(tmpdir(), "gs-telemetry-test-"));
  const before = process.cwd();
  const local = "C:\\Users\\me\\AppData\\Local";
  try {
    process.chdir(folder);
    const signal = exampleSignal("0195f2b4-7d4e-4c1b-8a55-0d8f3c6b1e2a");
    const state = new StateDirectory(`${local}/gs-telemetry`);
    const name = enqueue(state, { url: "http://127.0.0.1/v2/", signal }, Date.now());
    assert.deepEqual(readdirSync("."), [local]);
    assert.deepEqual(readdirSync(`${local}/gs-telemetry/queue`), [name]);
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  }
});
