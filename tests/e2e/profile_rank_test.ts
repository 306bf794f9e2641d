import assert from "node:assert/strict";
import { test } from "node:test";
import { inWorld, otherAppID, type World } from "../helpers/harness.ts";
import { writeProfile } from "../helpers/link.ts";

const own = {
  name: "kubectl-gs",
  displayName: "kubectl gs",
  match: [["kubectl", "gs"]],
  appID: otherAppID,
  root: { name: "kubectl-gs", commands: [{ name: "login" }] },
};

async function explainedApp(world: World, command: string[], profile: string[] = []): Promise<string> {
  const { stdout } = await world.run(["explain", ...profile, "--", ...command]);
  return JSON.parse(stdout)[0]?.appID;
}

test("a profile of the user's takes the place of a built-in one for what both claim, and that is told", () =>
  inWorld(async (world) => {
    const file = writeProfile(world, "kubectl-gs.json", own);
    assert.equal(await explainedApp(world, ["kubectl", "gs", "login"]), otherAppID);
    assert.notEqual(await explainedApp(world, ["kubectl-gs", "login"]), otherAppID);
    assert.equal(await explainedApp(world, ["kubectl-gs", "login"], ["--profile", "kubectl-gs"]), otherAppID);
    await world.runToSink(["run", "--", "kubectl", "gs", "login"]);
    // The second is read from the cache that the first one's courier has written.
    await world.couriersEnded();
    await world.runToSink(["run", "--", "kubectl", "gs", "login"]);
    const signals = await (await world.sink()).waitFor(2);
    assert.deepEqual(signals.map((signal) => signal.appID), [otherAppID, otherAppID]);
    const page = await world.run(["explain", "--human", "--", "kubectl", "gs", "login"]);
    assert.match(page.stdout.replace(/\s+/g, " "), /It holds in place of kubectl-gs \(built in\)\./);
    const status = await world.run(["status"]);
    assert.match(
      status.stdout,
      /^Profiles +kubectl-gs, built in\n +for kubectl gs replaced by ~\/\S+\/kubectl-gs\.json\n/m,
    );
    const { profiles: [builtIn, users] } = JSON.parse((await world.run(["status", "--json"])).stdout);
    assert.deepEqual(builtIn.replacedBy, { source: file, claims: ["kubectl gs"] });
    assert.deepEqual([builtIn.problem, users.problem, users.replacedBy], [null, null, null]);
  }));

test("two profiles of the user's that claim the same are a conflict, which status shows", () =>
  inWorld(async (world) => {
    writeProfile(world, "one.json", { ...own, name: "one" });
    writeProfile(world, "two.json", { ...own, name: "two" });
    assert.equal(await explainedApp(world, ["kubectl", "gs", "login"]), undefined);
    const { stdout } = await world.run(["status"]);
    assert.match(stdout, /profiles one \(.*one\.json\) and two \(.*two\.json\) both claim 'kubectl gs'/);
  }));

test("while the file that is to take a built-in profile's place cannot be read, nothing is sent", () =>
  inWorld(async (world) => {
    writeProfile(world, "kubectl-gs.json", "{");
    assert.equal(await explainedApp(world, ["kubectl", "gs", "login"]), undefined);
  }));
