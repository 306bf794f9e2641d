import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { appID, inWorld } from "../helpers/harness.ts";

for (const variable of ["GS_TELEMETRY_OPTOUT", "KUBECTL_GS_TELEMETRY_OPTOUT", "DO_NOT_TRACK"]) {
  test(`run writes nothing, starts nothing and sends nothing when ${variable} is set`, () =>
    inWorld(async (world) => {
      await world.sink();
      const before = readdirSync(world.home);
      const result = await world.runToSink(["run", "--", "kubectl", "gs", "login"], {
        env: { [variable]: "1" },
      });
      assert.equal(result.status, 42);
      assert.deepEqual(world.couriers(), []);
      assert.deepEqual(readdirSync(world.home), before);
    }));
}

test("run deletes what is queued, unread, when opted out", () =>
  inWorld(async (world) => {
    mkdirSync(world.queue, { recursive: true });
    writeFileSync(join(world.queue, "000001700000000-a.json"), "not even a signal");
    await world.runToSink(["run", "--", "true"], { env: { DO_NOT_TRACK: "1" } });
    assert.equal(existsSync(world.queue), false);
  }));

test("run obeys the profile's own opt-out variable", () =>
  inWorld(async (world) => {
    const profile = {
      name: "acme",
      displayName: "acme",
      match: [["true"]],
      appID,
      optOutVariable: "ACME_TELEMETRY_OPTOUT",
    };
    writeFileSync(join(world.home, "acme.json"), JSON.stringify({ ...profile, root: { name: "acme" } }));
    const env = { ACME_TELEMETRY_OPTOUT: "1" };
    const result = await world.run(["explain", "--profile", "./acme.json", "--", "true"], { env });
    assert.equal(result.stdout, "[]\n");
    assert.match(result.stderr, /opted out by ACME_TELEMETRY_OPTOUT/);
  }));

for (
  const args of [["--help"], ["-n", "x", "login", "-h"], ["help"], ["completion", "bash"], [
    "credential-plugin",
  ]]
) {
  test(`run sends nothing when the call is kubectl gs ${args.join(" ")}`, () =>
    inWorld(async (world) => {
      await world.runToSink(["run", "--", "kubectl", "gs", ...args]);
      assert.equal(existsSync(world.state), false);
    }));
}

test("run records nothing when the command is not found", () =>
  inWorld(async (world) => {
    const result = await world.runToSink(["run", "--app-id", appID, "--", "no-such-command"]);
    assert.equal(result.stderr, "gs-telemetry: cannot run 'no-such-command': No such file or directory\n");
    assert.equal(result.status, 127);
    assert.equal(existsSync(world.state), false);
  }));

test("run tells what it sends when GS_TELEMETRY_DEBUG is 1, and is silent otherwise", () =>
  inWorld(async (world) => {
    const words = ["run", "--app-id", appID, "--", "true", "SECRET"];
    const silent = await world.runToSink(words);
    assert.deepEqual(silent, { status: 0, signal: null, stdout: "", stderr: "" });
    const told = await world.runToSink(words, { env: { GS_TELEMETRY_DEBUG: "1" } });
    assert.match(told.stderr, /"command":"true"/);
    assert.doesNotMatch(told.stderr, /SECRET/);
    assert.equal(told.stdout, "");
  }));

for (
  const [what, env] of Object.entries({
    "no home": { HOME: undefined },
    "no such home": { HOME: "/proc/none" },
  })
) {
  test(`run runs the command and is silent when there is ${what}`, () =>
    inWorld(async (world) => {
      const result = await world.runToSink(["run", "--app-id", appID, "--", "echo", "done"], { env });
      assert.deepEqual(result, { status: 0, signal: null, stdout: "done\n", stderr: "" });
    }));
}
