import assert from "node:assert/strict";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { StateDirectory } from "../../../lib/directories/state_directory.ts";
import { builtInProfiles } from "../../../lib/library/profiles.ts";
import { makeSignal, withToolVersion } from "../../../lib/signal/signal.ts";
import { findVersion, versionOf } from "../../../lib/profile/tool_version.ts";
import { versionCall } from "../../../lib/profile/version_call.ts";

const [kubectlGs] = builtInProfiles;

const outputs: [output: string, version: string | undefined][] = [
  ["kubectl-gs version 4.8.0\n", "4.8.0"],
  ["Client Version: v1.32.4-dispatcher\nKustomize Version: v5.5.0\n", "1.32.4-dispatcher"],
  ["gh version 2.23.0 (2023-02-27)\nhttps://example.com/releases/v2.23.0", "2.23.0"],
  ['version.BuildInfo{Version:"v3.14.4", GitCommit:"81c902a"}', "3.14.4"],
  ["hugo v0.111.3+extended linux/amd64", "0.111.3+extended"],
  ["Docker version 28.2.2, build e6534b4", "28.2.2"],
  ["v1.2", "1.2"],
  ["dev", undefined],
  ["", undefined],
  ["secret.1.2.3 x1.2.3", undefined],
  ["acme 10.0.19045.1", "10.0.19045.1"],
  ["dial tcp 10.0.0.5:6443: connect: connection refused", undefined],
  ["cannot reach 192.168.1.20-internal or 10.1.2.0/24, client v1.2.3", "1.2.3"],
];

test("findVersion finds the version number in what tools print", () => {
  for (const [output, version] of outputs) assert.equal(findVersion(output), version, output);
});

test("withToolVersion gives the signal that makeSignal makes with the version", () => {
  const envelope = { appID: "a", clientUser: "b", sessionID: "c", isTestMode: false, type: "d" };
  const added = withToolVersion(makeSignal(envelope, "e"), "1.2.3");
  assert.equal(JSON.stringify(added), JSON.stringify(makeSignal(envelope, "e", "1.2.3")));
});

/** A folder on PATH with tools that note each of their runs. */
async function withTools(test: (folder: string, runs: () => string[]) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gs-telemetry-test-"));
  const { PATH } = process.env;
  process.env.PATH = `${folder}:${PATH}`;
  const log = join(folder, "runs.log");
  writeFileSync(log, "");
  try {
    await test(folder, () => readFileSync(log, "utf8").split("\n").slice(0, -1));
  } finally {
    process.env.PATH = PATH;
    rmSync(folder, { recursive: true });
  }
}

function tool(folder: string, name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\necho "$*" >> '${folder}/runs.log'\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

const env = (name: string) => process.env[name];

test("versionCall asks a plugin's own executable, and only what PATH leads to", () =>
  withTools((folder) => {
    const withPlugin = { ...kubectlGs, match: [["tool", "gs"], ["tool-gs"]] };
    const call = { args: ["--version"], optOutVariable: "KUBECTL_GS_TELEMETRY_OPTOUT" };
    assert.deepEqual(versionCall(withPlugin, ["tool", "gs", "get"], env), {
      executable: "tool",
      ...call,
      args: ["gs", "--version"],
    });
    tool(folder, "tool-gs", "");
    assert.deepEqual(versionCall(withPlugin, ["tool", "gs", "get"], env), { executable: "tool-gs", ...call });
    assert.deepEqual(versionCall(withPlugin, [join(folder, "tool-gs")], env), {
      executable: "tool-gs",
      ...call,
    });
    assert.equal(versionCall(withPlugin, ["/secret/tool-gs"], env), undefined);
    assert.equal(versionCall({ ...kubectlGs, versionCall: undefined }, ["kubectl-gs"], env), undefined);
    return Promise.resolve();
  }));

test("versionOf asks once for each state of an executable, without input and opted out", () =>
  withTools(async (folder, runs) => {
    const call = { executable: "tool", args: ["--version"], optOutVariable: "TOOL_OPTOUT" };
    const script = (version: string) =>
      `read line && exit 1; test -t 1 && exit 1; echo "$DO_NOT_TRACK$GS_TELEMETRY_OPTOUT$TOOL_OPTOUT v${version}"`;
    tool(folder, "tool", script("1.2.3"));
    assert.equal(await versionOf(new StateDirectory(folder), call), "1.2.3");
    assert.equal(await versionOf(new StateDirectory(folder), call), "1.2.3");
    assert.deepEqual(runs(), ["--version"]);
    tool(folder, "tool", script("1.3.0"));
    utimesSync(join(folder, "tool"), 1, 1);
    assert.equal(await versionOf(new StateDirectory(folder), call), "1.3.0");
    assert.deepEqual(runs(), ["--version", "--version"]);
    const kept = readFileSync(join(folder, "versions.json"), "utf8");
    assert.ok(!kept.includes(folder), "no path is kept");
    assert.deepEqual(readdirSync(folder).sort(), ["runs.log", "tool", "versions.json"]);
  }));

test("versionOf asks a tool that gives no version once, and one that prints without end not for ever", () =>
  withTools(async (folder, runs) => {
    tool(folder, "mute", "exit 1");
    tool(folder, "endless", "exec yes");
    for (const executable of ["mute", "mute", "endless", "endless"]) {
      assert.equal(await versionOf(new StateDirectory(folder), { executable, args: [] }), undefined);
    }
    assert.equal(runs().length, 2);
    assert.equal(
      await versionOf(new StateDirectory(folder), { executable: "not-there", args: [] }),
      undefined,
    );
  }));

test("versionOf does not wait for what the tool leaves behind", () =>
  withTools(async (folder) => {
    tool(folder, "leaves", `echo 1.2.3; (while test -e '${folder}/runs.log'; do sleep 0.1; done) &`);
    assert.equal(await versionOf(new StateDirectory(folder), { executable: "leaves", args: [] }), "1.2.3");
  }));
