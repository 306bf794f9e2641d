import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { test } from "node:test";
import { spawnSync } from "node:child_process";
import { appID, inWorld, program, type World } from "../helpers/harness.ts";

const architecture = process.arch === "x64" ? "amd64" : process.arch;

const canUnshare =
  spawnSync("unshare", ["--net", "--uts", "ip", "link", "add", "test0", "type", "veth"]).status === 0;
const skip = canUnshare ? false : "needs root, unshare and ip";

/** Runs explain in namespaces of its own, after a script has set them up. */
async function clientUser(world: World, setUp: string, env: Record<string, string> = {}): Promise<string> {
  const script = `${setUp}\nexec "$@" explain --app-id ${appID} -- true`;
  const command = ["unshare", "--net", "--uts", "sh", "-ec", script, "sh", ...program];
  const { stdout, stderr } = await world.execute(command, { env });
  assert.equal(stderr, "");
  return JSON.parse(stdout)[0].clientUser;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

test(
  "the user hash sees interfaces that are down and have no address",
  { skip },
  () =>
    inWorld(async (world) => {
      const setUp = `hostname vm-1
      ip link add v0b address 02:00:00:00:00:0b type veth peer name v0a address 02:00:00:00:00:0a
      ip link add v1b address 02:00:00:00:00:0d type veth peer name v1a address 02:00:00:00:00:0a`;
      const addresses = "02:00:00:00:00:0a 02:00:00:00:00:0a 02:00:00:00:00:0b 02:00:00:00:00:0d";
      const identifier = `|linux|${architecture}|vm-1|${addresses}|0|0|tester||`;
      assert.equal(await clientUser(world, setUp), sha256(`${identifier}`));
    }),
);

test(
  "the user hash takes an interface once when it has several addresses",
  { skip },
  () =>
    inWorld(async (world) => {
      const setUp = `hostname vm-2
      ip link add v0b address 02:00:00:00:00:0b type veth peer name v0a address 02:00:00:00:00:0a
      ip addr add 10.9.8.7/24 dev v0a; ip addr add 10.9.8.8/24 dev v0a; ip link set v0a up; ip link set v0b up`;
      const identifier = `|linux|${architecture}|vm-2|02:00:00:00:00:0a 02:00:00:00:00:0b|0|0|tester||`;
      assert.equal(await clientUser(world, setUp), sha256(identifier));
    }),
);

test("the user hash has the salt and all three user variables", { skip }, () =>
  inWorld(async (world) => {
    const env = { USER: "u", USERNAME: "CORP\\alice", GS_TELEMETRY_SALT: "pepper" };
    // A shell drops a variable of such a name.
    const setUp = 'hostname vm-3; set -- env %USERNAME%=literal "$@"';
    const identifier = `|linux|${architecture}|vm-3||0|0|u|CORP\\alice|literal`;
    assert.equal(await clientUser(world, setUp, env), sha256(`${identifier}pepper`));
  }));

test(
  "the user hash is that of the real user and group",
  { skip: skip || !hasSetpriv() && "needs setpriv" },
  () =>
    inWorld(async (world) => {
      const setUp = `hostname vm-4
      chmod 755 "$HOME"
      set -- setpriv --reuid 1234 --regid 5678 --clear-groups "$@"`;
      const identifier = `|linux|${architecture}|vm-4||1234|5678|tester||`;
      assert.equal(await clientUser(world, setUp), sha256(identifier));
    }),
);

function hasSetpriv(): boolean {
  // The program has to be within the reach of another user.
  return spawnSync("setpriv", [
    "--reuid",
    "1234",
    "--regid",
    "5678",
    "--clear-groups",
    program[0],
    "--version",
  ]).status === 0;
}

test("the user hash is the same twice and on this machine's own network", () =>
  inWorld(async (world) => {
    const explain = async () =>
      JSON.parse((await world.run(["explain", "--app-id", appID, "true"])).stdout)[0];
    const [first, second] = [await explain(), await explain()];
    assert.equal(first.clientUser, second.clientUser);
    assert.notEqual(first.sessionID, second.sessionID);
    assert.doesNotMatch(JSON.stringify(first), new RegExp(`"${hostname()}"|tester`));
  }));
