import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Options } from "../../../lib/run/options.ts";
import { makePlan, type Plan, type SendPlan } from "../../../lib/run/plan.ts";
import { system } from "../../../lib/system/mod.ts";
import { appID } from "../../helpers/constants.ts";

const home = mkdtempSync(join(tmpdir(), "gs-telemetry-test-"));
const bin = join(home, "bin");
const profiles = join(home, "gs-telemetry/profiles");
for (const folder of [bin, profiles]) mkdirSync(folder, { recursive: true });
for (const tool of ["acme", "other"]) {
  writeFileSync(join(bin, tool), "");
  chmodSync(join(bin, tool), 0o755);
}
after(() => rmSync(home, { recursive: true, force: true }));

const root = { name: "acme", commands: [{ name: "deploy" }, { name: "secret", counted: false }] };
const profile = {
  name: "acme",
  displayName: "acme",
  match: [["acme"]],
  appID,
  optOutVariable: "ACME_OPTOUT",
  testModeVariable: "ACME_TEST",
  versionCall: ["--version"],
  environment: { ACME_OPTOUT: "1" },
  root,
};

function planOf(
  command: string,
  variables: Record<string, string> = {},
  { changes = {}, options = {} }: { changes?: object; options?: Options } = {},
): Promise<Plan> {
  writeFileSync(join(profiles, "acme.json"), JSON.stringify({ ...profile, ...changes }));
  const env: Record<string, string> = { HOME: home, XDG_CONFIG_HOME: home, PATH: bin, ...variables };
  const words = command.split(" ") as [string, ...string[]];
  return makePlan({ kind: "command", options, command: words }, (name) => env[name]);
}

async function sendPlanOf(...given: Parameters<typeof planOf>): Promise<SendPlan> {
  const plan = await planOf(...given);
  assert.equal(plan.kind, "send");
  return plan as SendPlan;
}

const uncounted =
  "the rule that calls for help, completion or the version, and hidden commands, are not counted";
const noApp = "no app ID is known; give --app-id or GS_TELEMETRY_APP_ID";
const marked = { GS_TELEMETRY_COUNTED: "ACME_OPTOUT" };

const skipped: [
  command: string,
  variables: Record<string, string>,
  reason: string,
  decidedBy: string,
  isOptedOut?: boolean,
][] = [
  ["acme deploy", { GS_TELEMETRY_COURIER: "1" }, "the courier itself is not counted", "GS_TELEMETRY_COURIER"],
  ["acme deploy", { DO_NOT_TRACK: "1" }, "opted out by DO_NOT_TRACK", "DO_NOT_TRACK", true],
  ["acme deploy", { ACME_OPTOUT: "0" }, "opted out by ACME_OPTOUT", "ACME_OPTOUT", true],
  ["acme deploy", { ...marked, ACME_OPTOUT: "1" }, "it is counted already", "GS_TELEMETRY_COUNTED"],
  ["acme secret", {}, "'secret' is not counted", uncounted],
  ["acme deploy --help", {}, "--help is not counted", uncounted],
  ["other -h", { GS_TELEMETRY_APP_ID: appID }, "help is not counted", uncounted],
  ["other x", {}, noApp, "the lack of a profile for this command"],
];

for (const [command, variables, reason, decidedBy, isOptedOut = false] of skipped) {
  test(`makePlan() skips '${command}' with ${JSON.stringify(variables)}`, async () => {
    const expected = { kind: "skip", reason, decidedBy, isOptedOut, isProblem: false };
    assert.deepEqual(await planOf(command, variables), expected);
  });
}

test("makePlan() skips a tool whose profile names no app, and says which", async () => {
  const plan = await planOf("acme deploy", {}, { changes: { appID: undefined } });
  const decidedBy = "the profile acme, which names no app";
  assert.deepEqual(plan, { kind: "skip", reason: noApp, decidedBy, isOptedOut: false, isProblem: false });
});

test("makePlan() skips with a problem if the tool's profile is broken", async () => {
  const plan = await planOf("acme deploy", {}, { changes: { appID: "x" } });
  assert.deepEqual(plan, {
    kind: "skip",
    reason: `profile ${join(profiles, "acme.json")}: appID should be a UUID, not "x"`,
    decidedBy: "the profile",
    isOptedOut: false,
    isProblem: true,
  });
});

test("makePlan() throws if an option names a wrong profile, but not if a variable does", async () => {
  await assert.rejects(planOf("acme deploy", {}, { options: { profile: "nope" } }), { name: "UsageError" });
  const plan = await planOf("acme deploy", { GS_TELEMETRY_PROFILE: "nope" });
  assert.equal(plan.kind === "skip" && plan.isProblem && plan.decidedBy, "GS_TELEMETRY_PROFILE");
});

test("makePlan() counts another tool's marker for nothing", async () => {
  assert.equal((await planOf("acme deploy", { GS_TELEMETRY_COUNTED: "OTHER_OPTOUT" })).kind, "send");
  const changes = { optOutVariable: undefined };
  assert.equal((await planOf("acme deploy", { GS_TELEMETRY_COUNTED: "" }, { changes })).kind, "send");
});

test("makePlan() plans all that a run needs", async () => {
  const { signal, url, variables, versionCall, words, settled } = await sendPlanOf("acme deploy -x y");
  assert.equal(url, "https://nom.telemetrydeck.com/v2/");
  assert.deepEqual(variables, { ACME_OPTOUT: "1", GS_TELEMETRY_COUNTED: "ACME_OPTOUT" });
  assert.deepEqual(versionCall, { executable: "acme", args: ["--version"], optOutVariable: "ACME_OPTOUT" });
  assert.deepEqual(words, ["deploy"]);
  const { type, isTestMode, sessionID, payload } = await signal;
  assert.deepEqual([type, isTestMode, payload.command], ["Command.run", false, "acme deploy"]);
  assert.match(sessionID, /^[0-9a-f-]{36}$/);
  assert.equal(payload.appVersion, undefined);
  assert.deepEqual([settled.command, settled.args], [["acme", "deploy", "-x", "y"], ["deploy", "-x", "y"]]);
  assert.deepEqual([settled.executable, settled.wait], [join(bin, "acme"), 0]);
});

test("makePlan() sets no marker if the profile does not opt the tool out", async () => {
  const set = async (environment: object | undefined) =>
    (await sendPlanOf("acme deploy", {}, { changes: { environment } })).variables;
  assert.deepEqual(await set({ OTHER: "1" }), { OTHER: "1" });
  assert.deepEqual(await set({ ACME_OPTOUT: "" }), { ACME_OPTOUT: "" });
  assert.deepEqual(await set(undefined), {});
});

test("makePlan() asks for no version that is given, and for none of an unknown tool", async () => {
  const given = await sendPlanOf("acme deploy", {}, { options: { toolVersion: "1.2" } });
  assert.equal(given.versionCall, undefined);
  assert.equal((await given.signal).payload.appVersion, "1.2");
  const unknown = await sendPlanOf("other x", { GS_TELEMETRY_APP_ID: appID });
  assert.equal(unknown.versionCall, undefined);
  assert.deepEqual([unknown.settled.profile, unknown.settled.args, unknown.words], [undefined, ["x"], []]);
  assert.equal((await unknown.signal).payload.command, "other");
});

test("makePlan() takes the profile's variable for a test only if it is 1", async () => {
  const isTest = async (value: string) =>
    (await (await sendPlanOf("acme", { ACME_TEST: value })).signal).isTestMode;
  assert.deepEqual([await isTest("1"), await isTest("0"), await isTest("true")], [true, false, false]);
  const option = await sendPlanOf("acme", {}, { options: { testMode: "" } });
  assert.equal((await option.signal).isTestMode, true);
});

test("makePlan() plans a wait in seconds, and a command that there is not", async () => {
  const waiting = await sendPlanOf("acme", {}, { options: { wait: "2.5" } });
  assert.equal(waiting.settled.wait, 2.5);
  const missing = await sendPlanOf("missing", { GS_TELEMETRY_APP_ID: appID });
  assert.equal(missing.settled.executable, undefined);
});

test("makePlan() makes a session for each run, or takes the given one", async () => {
  const sessionOf = async (options: Options) =>
    (await (await sendPlanOf("acme", {}, { options })).signal).sessionID;
  assert.notEqual(await sessionOf({}), await sessionOf({}));
  assert.equal(await sessionOf({ session: appID }), appID);
});

test("makePlan() notes that the profile lists none of the words", async () => {
  const isBare = async (command: string) =>
    (await sendPlanOf(command, { GS_TELEMETRY_APP_ID: appID })).isBare;
  assert.equal(await isBare("acme unlisted"), true);
  assert.equal(await isBare("acme -x unlisted"), true);
  assert.equal(await isBare("acme -x --y"), false);
  assert.equal(await isBare("acme"), false);
  assert.equal(await isBare("acme deploy unlisted"), false);
  assert.equal(await isBare("other unlisted"), false);
});

test("makePlan() has one session for a terminal only if the profile says so and nobody gives one", async () => {
  const { terminalSession } = system;
  system.terminalSession = () => "terminal 1";
  const sessionOf = async (changes: object, options: Options = {}) =>
    (await (await sendPlanOf("acme", {}, { changes, options })).signal).sessionID;
  try {
    const shared = { session: "terminal" };
    const session = await sessionOf(shared);
    assert.match(session, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(await sessionOf(shared), session);
    assert.equal(await sessionOf(shared, { session: appID }), appID);
    assert.notEqual(await sessionOf({}), await sessionOf({}));
    system.terminalSession = () => "terminal 2";
    assert.notEqual(await sessionOf(shared), session);
    system.terminalSession = () => undefined;
    assert.notEqual(await sessionOf(shared), await sessionOf(shared));
  } finally {
    system.terminalSession = terminalSession;
  }
});
