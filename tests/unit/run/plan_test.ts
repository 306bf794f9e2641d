import assert from "node:assert/strict";
import fc from "fast-check";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { optionDefinitions, type OptionName } from "../../../lib/run/options.ts";
import { makePlan, type Plan, type SendPlan } from "../../../lib/run/plan.ts";
import type { Settled } from "../../../lib/run/settle.ts";
import type { Source, Sourced } from "../../../lib/run/source.ts";
import { hashText } from "../../../lib/runtime/hash.ts";
import { joinIngredients } from "../../../lib/signal/identity.ts";
import { userIngredients } from "../../../lib/signal/user.ts";
import { appID } from "../../helpers/constants.ts";

const home = mkdtempSync(join(tmpdir(), "gs-telemetry-test-"));
const profiles = join(home, "gs-telemetry/profiles");
mkdirSync(profiles, { recursive: true });
after(() => rmSync(home, { recursive: true, force: true }));

const uuid = fc.uuid({ version: 4 });
const word = fc.stringMatching(/^[a-z]{8}$/);
const address = word.map((host) => `https://${host}.example/v2/`);

/** What may be given, each value another: by option, by variable, by the profile. */
const givenRun = fc.record({
  options: fc.record({
    appID: uuid,
    namespace: word,
    endpoint: address,
    session: uuid,
    name: word,
    signalType: word,
    toolVersion: word,
    testMode: fc.constant(""),
  }, { requiredKeys: [] }),
  variables: fc.record({
    GS_TELEMETRY_APP_ID: uuid,
    GS_TELEMETRY_NAMESPACE: word,
    GS_TELEMETRY_ENDPOINT: address,
    GS_TELEMETRY_SESSION: uuid,
    GS_TELEMETRY_SIGNAL_TYPE: word,
    GS_TELEMETRY_TEST_MODE: word,
    GS_TELEMETRY_SALT: word,
    ACME_TEST: fc.constantFrom("0", "1"),
  }, { requiredKeys: [] }),
  profile: fc.record({
    displayName: word,
    appID: uuid,
    signalType: word,
    testModeVariable: fc.constant("ACME_TEST"),
    identity: fc.constant("machine"),
  }, { requiredKeys: ["displayName"] }),
});

type Given = typeof givenRun extends fc.Arbitrary<infer Run> ? Run : never;

function environmentOf({ variables }: Given): (name: string) => string | undefined {
  const env: Record<string, string | undefined> = {
    HOME: home,
    XDG_CONFIG_HOME: home,
    USER: "ada",
    ...variables,
  };
  return (name) => env[name];
}

async function planOf(given: Given): Promise<Plan> {
  const { options, profile } = given;
  const root = { name: "acme", commands: [{ name: "deploy" }] };
  const file = join(profiles, "acme.json");
  writeFileSync(file, JSON.stringify({ name: "acme", match: [["acme"]], ...profile, root }));
  const line = { kind: "command", options, command: ["acme", "deploy", "SECRET"] } as const;
  return await makePlan(line, environmentOf(given));
}

async function sendPlanOf(given: Given): Promise<SendPlan> {
  const plan = await planOf(given);
  assert.equal(plan.kind, "send");
  return plan as SendPlan;
}

function optionNamed(flag: string): keyof Given["options"] {
  const [name] = Object.entries(optionDefinitions).find(([, definition]) => definition.flag === flag)!;
  return name as keyof Given["options"];
}

/** Looks a value up where it is said to be from. */
function valueAt(source: Source, { options, variables, profile }: Given, byDefault: string): unknown {
  switch (source.kind) {
    case "option":
      return options[optionNamed(source.name)];
    case "variable":
      return variables[source.name as keyof typeof variables];
    case "profile":
      return profile[source.key as keyof typeof profile];
    case "default":
      return byDefault;
  }
}

test("makePlan() names the place that a value really is from", async () => {
  let planned = 0;
  await fc.assert(
    fc.asyncProperty(givenRun, async (given) => {
      const plan = await planOf(given);
      if (plan.kind === "skip") {
        assert.match(plan.reason, /no app ID/);
        return;
      }
      planned++;
      const { url, settled } = plan;
      const signal = await plan.signal;
      const at = (sourced: Sourced, byDefault: string) => valueAt(sourced.source, given, byDefault);
      assert.equal(signal.appID, at(settled.appID!, "none"));
      assert.equal(signal.sessionID, at(settled.session, signal.sessionID));
      assert.equal(signal.type, at(settled.signalType, "Command.run"));
      assert.equal(signal.payload.command, `${at(settled.tool, "acme")} deploy`);
      assert.equal(signal.payload.appVersion, settled.toolVersion && at(settled.toolVersion, "none"));
      assert.equal(
        url,
        (at(settled.endpoint, "https://nom.telemetrydeck.com/v2/") as string) +
          (settled.namespace ? `namespace/${at(settled.namespace, "none")}/` : ""),
      );
      assert.equal(signal.isTestMode, settled.testMode !== undefined);
      if (settled.testMode) assert.notEqual(valueAt(settled.testMode, given, "none"), undefined);
    }),
    { seed: 20_261_123, numRuns: 300 },
  );
  assert.ok(planned > 200, `only ${planned} runs had an app`);
});

/** Each option that has other places, too; whoever stands further left wins. */
const winners: [option: OptionName & keyof Settled, variable?: string, profileKey?: string][] = [
  ["appID", "GS_TELEMETRY_APP_ID", "appID"],
  ["session", "GS_TELEMETRY_SESSION"],
  ["endpoint", "GS_TELEMETRY_ENDPOINT"],
  ["namespace", "GS_TELEMETRY_NAMESPACE"],
  ["testMode", "GS_TELEMETRY_TEST_MODE", "testModeVariable"],
  ["signalType", "GS_TELEMETRY_SIGNAL_TYPE", "signalType"],
];

const [all] = fc.sample(
  givenRun.filter(({ options, variables, profile }) =>
    [options, variables, profile].map((each) => Object.keys(each).length).join() === "8,8,5"
  ).map((given) => ({ ...given, variables: { ...given.variables, ACME_TEST: "1" as const } })),
  { seed: 1, numRuns: 1 },
);

async function sourceOf(option: OptionName & keyof Settled, given: Given): Promise<Source | undefined> {
  const { settled } = await sendPlanOf(given);
  const found = settled[option] as Source | Sourced | undefined;
  return found && "source" in found ? found.source : found;
}

for (const [option, variable, profileKey] of winners) {
  test(`makePlan() names option, then variable, then profile as the source of ${option}`, async () => {
    const { [option as keyof Given["options"]]: _, ...options } = all.options;
    assert.deepEqual(await sourceOf(option, all), { kind: "option", name: optionDefinitions[option].flag });
    if (variable) {
      assert.deepEqual(await sourceOf(option, { ...all, options }), { kind: "variable", name: variable });
    }
    if (!profileKey) return;
    const { [variable as keyof Given["variables"]]: __, ...variables } = all.variables;
    const expected = option === "testMode"
      ? { kind: "variable", name: "ACME_TEST" }
      : { kind: "profile", key: profileKey };
    assert.deepEqual(await sourceOf(option, { ...all, options, variables }), expected);
  });
}

test("makePlan() names option, then profile as the source of the tool's name", async () => {
  const { name: _, ...options } = all.options;
  assert.deepEqual((await sendPlanOf(all)).settled.tool.source, { kind: "option", name: "--name" });
  const { settled } = await sendPlanOf({ ...all, options });
  assert.deepEqual(settled.tool.source, { kind: "profile", key: "displayName" });
});

test("makePlan() hashes the very ingredients that explain lists, and the salt", async () => {
  for (const identity of [undefined, "machine"] as const) {
    const given = {
      options: { appID },
      variables: { GS_TELEMETRY_SALT: "SECRET" },
      profile: { displayName: "acme", ...(identity ? { identity } : {}) },
    } as Given;
    const plan = await sendPlanOf(given);
    const signal = await plan.signal;
    const identifier = joinIngredients(userIngredients(identity, environmentOf(given)));
    assert.equal(signal.clientUser, await hashText(`${identifier}SECRET`));
    assert.doesNotMatch(JSON.stringify({ ...plan, signal }), /SECRET(?!"\])/);
  }
});

test("makePlan() says whether the profile was asked for or claims the command", async () => {
  const given = { options: {}, variables: {}, profile: { displayName: "acme", appID } };
  const file = join(profiles, "acme.json");
  const profileOf = async (options: Given["options"] & { profile?: string }) => {
    const { settled: { profile } } = await sendPlanOf({ ...given, options });
    return [profile?.profile.name, profile?.source, profile?.askedBy];
  };
  assert.deepEqual(await profileOf({}), ["acme", file, undefined]);
  const askedBy = { kind: "option", name: "--profile" };
  assert.deepEqual(await profileOf({ profile: "acme" }), ["acme", file, askedBy]);
  assert.deepEqual(await profileOf({ profile: file }), ["acme", file, askedBy]);
});

const wrongVariables: [name: string, value: string, reason: RegExp][] = [
  [
    "GS_TELEMETRY_ENDPOINT",
    "http://telemetry.corp:8686",
    /^GS_TELEMETRY_ENDPOINT is 'http:.*should be an https/,
  ],
  ["GS_TELEMETRY_APP_ID", "acme", /^GS_TELEMETRY_APP_ID is 'acme' but should be a UUID/],
  ["GS_TELEMETRY_PROFILE", "nope", /^GS_TELEMETRY_PROFILE: unknown profile 'nope'/],
  ["GS_TELEMETRY_WAIT", "soon", /^GS_TELEMETRY_WAIT is 'soon' but should be a number of seconds/],
];

for (const [name, value, reason] of wrongVariables) {
  test(`makePlan() skips with a problem if ${name} is wrong, and looks at none if opted out`, async () => {
    const given = { options: {}, variables: { [name]: value }, profile: { displayName: "acme", appID } };
    const plan = await planOf(given as Given);
    assert.equal(plan.kind, "skip");
    const skipped = plan as Plan & { kind: "skip" };
    assert.match(skipped.reason, reason);
    assert.deepEqual([skipped.decidedBy, skipped.isProblem, skipped.isOptedOut], [name, true, false]);
    const optedOut = await planOf(
      { ...given, variables: { ...given.variables, DO_NOT_TRACK: "1" } } as Given,
    );
    assert.deepEqual(optedOut, {
      kind: "skip",
      reason: "opted out by DO_NOT_TRACK",
      decidedBy: "DO_NOT_TRACK",
      isOptedOut: true,
      isProblem: false,
    });
  });
}
