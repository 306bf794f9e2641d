import assert from "node:assert/strict";
import fc from "fast-check";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { hashIdentifier, joinIngredients } from "../../../lib/signal/identity.ts";
import type { OptionName } from "../../../lib/run/options.ts";
import { makePlan, type Plan } from "../../../lib/run/plan.ts";
import type { Source } from "../../../lib/run/source.ts";

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
    "app-id": uuid,
    namespace: word,
    endpoint: address,
    session: uuid,
    name: word,
    "signal-type": word,
    "tool-version": word,
    "test-mode": fc.constant(""),
  }, { requiredKeys: [] }),
  variables: fc.record({
    GS_TELEMETRY_APP_ID: uuid,
    GS_TELEMETRY_NAMESPACE: word,
    GS_TELEMETRY_ENDPOINT: address,
    GS_TELEMETRY_SESSION: uuid,
    GS_TELEMETRY_TEST_MODE: word,
    GS_TELEMETRY_SALT: word,
    ACME_TEST: fc.constantFrom("0", "1"),
  }, { requiredKeys: [] }),
  profile: fc.record({
    displayName: word,
    appID: uuid,
    signalType: word,
    testMode: fc.constant("ACME_TEST"),
    identity: fc.constant("machine"),
  }, { requiredKeys: ["displayName"] }),
});

type Given = typeof givenRun extends fc.Arbitrary<infer Run> ? Run : never;

async function planOf({ options, variables, profile }: Given): Promise<Plan> {
  const root = { name: "acme", commands: [{ name: "deploy" }] };
  const file = join(profiles, "acme.json");
  writeFileSync(file, JSON.stringify({ name: "acme", match: [["acme"]], ...profile, root }));
  const env: Record<string, string | undefined> = {
    HOME: home,
    XDG_CONFIG_HOME: home,
    USER: "ada",
    ...variables,
  };
  return await makePlan(options, ["acme", "deploy", "SECRET"], (name) => env[name]);
}

/** Looks a value up where it is said to be from. */
function valueAt(source: Source, { options, variables, profile }: Given, byDefault: string): unknown {
  switch (source.kind) {
    case "option":
      return options[source.name.slice(2) as keyof typeof options];
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
      if (plan.kind === "silence") {
        assert.match(plan.reason, /no app ID/);
        return;
      }
      planned++;
      const { signal, url, origins } = plan;
      const at = (source: Source, byDefault: string) => valueAt(source, given, byDefault);
      assert.equal(signal.appID, at(origins.appID, "none"));
      assert.equal(signal.sessionID, at(origins.session, signal.sessionID));
      assert.equal(signal.type, at(origins.signalType, "Command.run"));
      assert.equal(signal.payload.command, `${at(origins.tool, "acme")} deploy`);
      assert.equal(signal.payload.appVersion, origins.toolVersion && at(origins.toolVersion, "none"));
      assert.equal(
        url,
        (at(origins.endpoint, "https://nom.telemetrydeck.com/v2/") as string) +
          (origins.namespace ? `namespace/${at(origins.namespace, "none")}/` : ""),
      );
      assert.equal(signal.isTestMode, origins.testMode.kind !== "default");
      if (signal.isTestMode) assert.notEqual(at(origins.testMode, "none"), undefined);
    }),
    { seed: 20_261_123, numRuns: 300 },
  );
  assert.ok(planned > 200, `only ${planned} runs had an app`);
});

/** Each option and the key of its source; whoever stands further left wins. */
const winners: [option: OptionName, origin: string, variable?: string, profileKey?: string][] = [
  ["app-id", "appID", "GS_TELEMETRY_APP_ID", "appID"],
  ["session", "session", "GS_TELEMETRY_SESSION"],
  ["endpoint", "endpoint", "GS_TELEMETRY_ENDPOINT"],
  ["namespace", "namespace", "GS_TELEMETRY_NAMESPACE"],
  ["test-mode", "testMode", "GS_TELEMETRY_TEST_MODE", "testMode"],
  ["signal-type", "signalType", undefined, "signalType"],
  ["name", "tool", undefined, "displayName"],
];

for (const [option, origin, variable, profileKey] of winners) {
  test(`makePlan() names option, then variable, then profile as the source of --${option}`, async () => {
    const [all] = fc.sample(
      givenRun.filter(({ options, variables, profile }) =>
        [options, variables, profile].map((each) => Object.keys(each).length).join() === "8,7,5"
      ).map((given) => ({ ...given, variables: { ...given.variables, ACME_TEST: "1" as const } })),
      { seed: 1, numRuns: 1 },
    );
    const sourceIn = async (given: Given) => {
      const plan = await planOf(given);
      assert.equal(plan.kind, "signal");
      const { origins } = plan as Plan & { kind: "signal" };
      return (origins as unknown as Record<string, Source>)[origin];
    };
    const { [option as keyof Given["options"]]: _, ...options } = all.options;
    assert.deepEqual(await sourceIn(all), { kind: "option", name: `--${option}` });
    if (variable) {
      assert.deepEqual(await sourceIn({ ...all, options }), { kind: "variable", name: variable });
    }
    if (!profileKey) return;
    const { [variable as keyof Given["variables"]]: __, ...variables } = all.variables;
    const expected = profileKey === "testMode"
      ? { kind: "variable", name: "ACME_TEST" }
      : { kind: "profile", key: profileKey };
    assert.deepEqual(await sourceIn({ ...all, options, variables }), expected);
  });
}

test("makePlan() lists the very ingredients of the user hash, and no salt among them", async () => {
  for (const identity of [undefined, "machine"]) {
    const given = {
      options: { "app-id": "4539763B-A291-4835-B832-9BEB80CA7039" },
      variables: { GS_TELEMETRY_SALT: "SECRET" },
      profile: { displayName: "acme", ...(identity ? { identity } : {}) },
    };
    const plan = await planOf(given as Given);
    assert.equal(plan.kind, "signal");
    const { signal, origins: { user } } = plan as Plan & { kind: "signal" };
    assert.equal(signal.clientUser, hashIdentifier(joinIngredients(user.ingredients), "SECRET"));
    assert.equal(user.isSalted, true);
    assert.doesNotMatch(JSON.stringify(plan), /SECRET/);
  }
});

test("makePlan() says whether the profile was asked for or claims the command", async () => {
  const given = { options: {}, variables: {}, profile: { displayName: "acme", appID: crypto.randomUUID() } };
  const file = join(profiles, "acme.json");
  const origin = async (more: Record<string, string>) => {
    const plan = await planOf({ ...given, options: more } as Given);
    return (plan as Plan & { kind: "signal" }).origins.profile;
  };
  const claimed = await origin({});
  assert.deepEqual(claimed, { name: "acme", source: file, askedBy: undefined });
  const askedBy = { kind: "option", name: "--profile" };
  assert.deepEqual(await origin({ profile: "acme" }), { name: "acme", source: file, askedBy });
  assert.deepEqual(await origin({ profile: file }), { name: "acme", source: file, askedBy });
});
