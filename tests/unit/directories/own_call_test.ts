import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isOwnName, ownCall, pluginName, quotePath } from "../../../lib/directories/own_call.ts";
import { runtime } from "../../../lib/runtime/mod.ts";

const names: [name: string, isOwn: boolean][] = [
  ["gs-telemetry", true],
  ["GS-Telemetry.exe", true],
  ["gs-telemetry-0.1.0-linux-amd64", true],
  ["gs-telemetry_0", true],
  ["kubectl-gs_telemetry", true],
  ["", true],
  ["gs-telemetryd", false],
  ["my-gs-telemetry", false],
  ["kubectl-gs", false],
];

for (const [name, isOwn] of names) {
  test(`isOwnName() is ${isOwn} for '${name}'`, () => assert.equal(isOwnName(name), isOwn));
}

test("quotePath() writes one word of a shell", () => {
  const env = (name: string) => name === "HOME" ? "/home/ada" : undefined;
  assert.equal(quotePath("/home/ada/bin/gs-telemetry", env), "~/bin/gs-telemetry");
  assert.equal(quotePath("/opt/a b/x", env), "'/opt/a b/x'");
  assert.equal(quotePath("/home/ada/it's", env), "'/home/ada/it'\\''s'");
});

/** Returns how a user calls this program, which is started by these words, with these executables on PATH. */
function callWith(command: string[], executables: readonly string[]): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "gs-telemetry-test-"));
  const { programCommand } = runtime;
  runtime.programCommand = () => command;
  try {
    for (const name of executables) {
      writeFileSync(join(folder, name), "");
      chmodSync(join(folder, name), 0o755);
    }
    return ownCall((name) => name === "PATH" ? folder : undefined);
  } finally {
    runtime.programCommand = programCommand;
    rmSync(folder, { recursive: true });
  }
}

test("ownCall() is the name on PATH, or kubectl's plugin, or the path", () => {
  assert.equal(pluginName(), "kubectl-gs_telemetry");
  const binary = ["/opt/gs-telemetry"];
  assert.equal(callWith(binary, ["gs-telemetry", "kubectl-gs_telemetry"]), "gs-telemetry");
  assert.equal(callWith(binary, ["kubectl-gs_telemetry"]), "kubectl gs-telemetry");
  assert.equal(callWith(binary, []), "/opt/gs-telemetry");
  assert.equal(callWith(["C:\\bin\\gs-telemetry.exe"], []), "'C:\\bin\\gs-telemetry.exe'");
  assert.equal(callWith(["/opt/helm"], []), undefined);
  assert.equal(callWith(["deno", "run", "cli.ts"], []), "gs-telemetry");
});
