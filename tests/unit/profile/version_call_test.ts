import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Profile } from "../../../lib/profile/profile.ts";
import { versionCall } from "../../../lib/profile/version_call.ts";

const folder = mkdtempSync(join(tmpdir(), "gs-telemetry-test-"));
for (const tool of ["tool", "tool-plugin"]) {
  writeFileSync(join(folder, tool), "");
  chmodSync(join(folder, tool), 0o755);
}
after(() => rmSync(folder, { recursive: true }));
const env = (name: string) => name === "PATH" ? folder : undefined;

function call(
  match: Profile["match"],
  command: string,
  versionArgs: readonly string[] = ["-V"],
): string | undefined {
  const profile = { name: "x", displayName: "x", match, versionCall: versionArgs, root: { name: "x" } };
  const found = versionCall(profile, command.split(" "), env);
  return found && [found.executable, ...found.args].join(" ");
}

const cases: [match: Profile["match"], command: string, expected: string | undefined][] = [
  [[["tool"]], "tool get", "tool -V"],
  [[["tool", "sub"]], "tool sub get", "tool sub -V"],
  // A plugin is asked by its own executable, if there is one.
  [[["tool", "sub"], ["tool-plugin"]], "tool sub get", "tool-plugin -V"],
  [[["tool", "sub"], ["no-plugin"]], "tool sub get", "tool sub -V"],
  [[["tool"], ["tool-plugin"]], "tool get", "tool -V"],
  // Only what PATH leads to is asked: its name alone is kept.
  [[["tool"]], `${folder}/tool`, "tool -V"],
  [[["tool"]], "/elsewhere/tool", undefined],
  [[["tool"]], "./tool", undefined],
  // Asked for by --profile.
  [[["other"]], "tool", "tool -V"],
];

for (const [match, command, expected] of cases) {
  const shown = command.replace(folder, "PATH");
  test(`versionCall() is '${expected}' for '${shown}' of ${JSON.stringify(match)}`, () => {
    assert.equal(call(match, command), expected);
  });
}

test("versionCall() is nothing if the profile does not say, and takes the opt-out variable along", () => {
  const profile = {
    name: "x",
    displayName: "x",
    match: [["tool"]],
    optOutVariable: "X",
    root: { name: "x" },
  };
  assert.equal(versionCall(profile, ["tool"], env), undefined);
  const plugin = [["tool", "sub"], ["tool-plugin"]];
  for (const match of [[["tool"]], plugin]) {
    const found = versionCall({ ...profile, match, versionCall: [] }, ["tool", "sub"], env);
    assert.deepEqual([found?.args, found?.optOutVariable], [[], "X"]);
  }
});
