import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { type ExplainedSignal, renderExplained } from "../../../lib/commands/explain_page.ts";
import { byDefault } from "../../../lib/run/source.ts";
import { fieldReasons } from "../../../lib/signal/fields.ts";
import { makeSignal } from "../../../lib/signal/signal.ts";
import { appID } from "../../helpers/constants.ts";
import { marked } from "../../helpers/marked.ts";

const envelope = {
  appID,
  clientUser: "dd73d275f386757a18e4062711065d6b2d948b99750aaf977d59cf18efbc2717",
  sessionID: "73d96006-e741-4685-9836-c4bb562738a2",
  isTestMode: false,
  type: "GiantSwarm.command",
};

const signal = makeSignal(envelope, "kubectl gs login");

const explained: ExplainedSignal = {
  kind: "send",
  signal: {
    ...signal,
    payload: {
      ...signal.payload,
      "TelemetryDeck.Device.architecture": "amd64",
      "TelemetryDeck.Device.operatingSystem": "linux",
    },
  },
  url: "https://nom.telemetrydeck.com/v2/namespace/acme/",
  variables: {},
  versionCall: { executable: "kubectl-gs", args: ["--version"] },
  caller: undefined,
  isTerminalSession: false,
  words: ["login"],
  isBare: false,
  settled: {
    command: ["kubectl", "gs", "login"],
    executable: "/usr/bin/kubectl",
    args: ["login"],
    profile: {
      profile: {
        name: "kubectl-gs",
        displayName: "kubectl gs",
        match: [["kubectl-gs"]],
        root: { name: "gs" },
      },
      args: ["login"],
      source: "built in",
      origin: "built in",
      askedBy: undefined,
    },
    appID: { value: appID, source: { kind: "option", name: "--app-id" } },
    session: byDefault(envelope.sessionID),
    testMode: undefined,
    signalType: { value: envelope.type, source: { kind: "profile", key: "signalType" } },
    tool: { value: "kubectl gs", source: { kind: "profile", key: "displayName" } },
    toolVersion: undefined,
    endpoint: byDefault("https://nom.telemetrydeck.com/v2/"),
    namespace: { value: "acme", source: { kind: "variable", name: "GS_TELEMETRY_NAMESPACE" } },
    wait: 0,
  },
  obstacle: undefined,
  ingredients: [
    { name: "operating system", value: "linux" },
    { name: "hardware addresses", value: "02:42:ac:11:00:02 02:42:ac:11:00:03 3e:75:b9:e9:46:b1" },
    { name: "user number", value: 1000 },
    { name: "$USERNAME", value: "" },
  ],
  saltSource: "GS_TELEMETRY_SALT",
};

const plain = { columns: 80, isColoured: false };

const page = `A run would send this signal. Nothing was run, sent or written now.

To  https://nom.telemetrydeck.com/v2/namespace/acme/
  The default: TelemetryDeck. The namespace: from the variable
  GS_TELEMETRY_NAMESPACE.
Profile  kubectl-gs
  Built in. It claims this command.

appID  4539763B-A291-4835-B832-9BEB80CA7039
  From the option --app-id. The TelemetryDeck app that the signal is for.
clientUser  dd73d275f386757a18e4062711065d6b2d948b99750aaf977d59cf18efbc2717
  A hash. Counts users without knowing them. See below how it is made.
sessionID  73d96006-e741-4685-9836-c4bb562738a2
  Random, new for each run. Tells which runs belong together.
isTestMode  false
  The default. Keeps tests out of the statistics.
type  GiantSwarm.command
  From the profile's signalType. Tells these signals from others of the app.
caller  left out
  The profile does not ask for it. Tells people from scripts, builds and agents.
command  kubectl gs login
  From the profile's displayName. Then commands that the profile lists: login.
  Tells which commands are used.
TelemetryDeck.Device.architecture  amd64
  From this machine. Tells which machines to build for.
TelemetryDeck.Device.operatingSystem  linux
  From this machine. Tells which systems to build for.
TelemetryDeck.SDK.nameAndVersion  gs-telemetry/0.1.0
  This program. Tells which program wrote the signal.
TelemetryDeck.AppInfo.version  added later
  The courier asks kubectl-gs --version. Tells which versions of the tool are in
  use.
appVersion  added later
  The courier asks kubectl-gs --version. The same under the name that kubectl-gs
  uses.
receivedAt  left out
  Sent only more than an hour after the run. Puts a late signal at the hour of
  its run.

clientUser is the SHA-256 of the following, in this order. Only the hash leaves
this machine, and operating system and architecture as fields of their own:
  operating system          linux
  hardware addresses
    02:42:ac:11:00:02 02:42:ac:11:00:03 3e:75:b9:e9:46:b1
  user number               1000
  $USERNAME                 empty
  salt (GS_TELEMETRY_SALT)  set

Never sent: arguments, flags, what the command reads or prints, paths, folders,
variables.
More: https://github.com/giantswarm/gs-telemetry/blob/main/docs/privacy.md
`;

test("renderExplained() writes the whole page for 80 columns", () => {
  const versioned = page.replace(
    "gs-telemetry/0.1.0",
    explained.signal.payload["TelemetryDeck.SDK.nameAndVersion"],
  );
  assert.equal(renderExplained(explained, plain), versioned);
});

test("renderExplained() says which rule found the caller", () => {
  const text = renderExplained(
    { ...explained, caller: { caller: "agent", rule: "AI_AGENT is set." } },
    plain,
  );
  assert.match(
    text,
    /^caller {2}agent\n {2}AI_AGENT is set\. Tells people from scripts, builds and agents\.\n/m,
  );
});

test("renderExplained() shows every field that a signal may have", () => {
  for (const name of Object.keys(fieldReasons)) assert.match(page, new RegExp(`^${name}  `, "m"), name);
});

test("renderExplained() says the same in colour, and fits any width", () => {
  fc.assert(
    fc.property(fc.integer({ min: 28, max: 100 }), (columns) => {
      const text = renderExplained(explained, { columns, isColoured: false });
      const coloured = renderExplained(explained, { columns, isColoured: true });
      assert.equal(stripVTControlCharacters(coloured), text);
      assert.notEqual(coloured, text);
      // The name of a field is never broken.
      const long = text.split("\n").filter((line) => line.length > columns && line.includes(" "));
      assert.deepEqual(long, []);
      assert.equal(squeeze(text), squeeze(page), `at ${columns} columns`);
    }),
    { seed: 20_261_123 },
  );
});

function squeeze(text: string): string {
  return text.replace(/\s/g, "").replace(/gs-telemetry\/\d+\.\d+\.\d+/, "VERSION");
}

test("renderExplained() says why nothing would be sent and what decides it", () => {
  const skipped = {
    kind: "skip",
    reason: "opted out by DO_NOT_TRACK",
    decidedBy: "DO_NOT_TRACK",
    isOptedOut: true,
    isProblem: false,
  } as const;
  assert.equal(
    renderExplained(skipped, plain),
    "Nothing would be sent: opted out by DO_NOT_TRACK.\nDecided by  DO_NOT_TRACK\n",
  );
});

test("renderExplained() says first what stands in the way of a run", () => {
  const text = renderExplained({ ...explained, obstacle: "there is no such command" }, plain);
  assert.match(text, /^Nothing would be sent: there is no such command\. Otherwise it would be this:\n/);
});

test("renderExplained() sends no control characters of a value to the terminal", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const command = { ...explained.signal.payload, command: text };
      const shown = renderExplained({
        ...explained,
        signal: { ...explained.signal, payload: command },
        ingredients: [{ name: "$USER", value: text }],
      }, plain);
      assert.doesNotMatch(shown.replaceAll("\n", ""), /\p{Cc}/u);
    }),
    { seed: 20_261_123 },
  );
});

function coloured(changes: Partial<ExplainedSignal>): string {
  return marked(renderExplained({ ...explained, ...changes }, { columns: 80, isColoured: true }));
}

test("renderExplained() colours headings, names and notes", () => {
  const lines = coloured({}).split("\n");
  assert.equal(lines[0], "<green>A run would send this signal. Nothing was run, sent or written now.</>");
  assert.equal(lines[2], "<bold>To</>  https://nom.telemetrydeck.com/v2/namespace/acme/");
  assert.equal(lines[3], "<dim>  The default: TelemetryDeck. The namespace: from the variable</>");
  assert.match(coloured({ obstacle: "no" }), /^<yellow>Nothing would be sent: no\. Otherwise/);
  const skipped = { kind: "skip", reason: "x", decidedBy: "y", isOptedOut: true, isProblem: false } as const;
  const style = { columns: 80, isColoured: true };
  assert.equal(
    marked(renderExplained(skipped, style)),
    "<yellow>Nothing would be sent: x.</>\n<bold>Decided by</>  y\n",
  );
});

const { settled } = explained;
const [match] = [settled.profile!];

const others: [changes: Partial<ExplainedSignal>, lines: string][] = [
  [{ saltSource: undefined }, "  salt (GS_TELEMETRY_SALT)  not set\n"],
  [{ saltSource: "/salt" }, "  salt (/salt)              set\n"],
  [
    { settled: { ...settled, namespace: undefined } },
    "v2/namespace/acme/\n  The default: TelemetryDeck.\nProfile",
  ],
  [
    {
      settled: {
        ...settled,
        namespace: undefined,
        endpoint: { value: "", source: { kind: "option", name: "--endpoint" } },
      },
    },
    "v2/namespace/acme/\n  From the option --endpoint.\nProfile",
  ],
  [
    { settled: { ...settled, namespace: undefined, endpoint: { value: "", source: { kind: "brand" } } } },
    "v2/namespace/acme/\n  From this build.\nProfile",
  ],
  [
    {
      settled: {
        ...settled,
        namespace: undefined,
        endpoint: { value: "", source: { kind: "organisation", file: "/etc/s.json" } },
      },
    },
    "v2/namespace/acme/\n  From the organisation's settings, /etc/s.json.\nProfile",
  ],
  [{ settled: { ...settled, profile: undefined } }, "Profile  none\n  No profile claims this command.\n"],
  [
    {
      settled: {
        ...settled,
        profile: {
          ...match,
          source: "/a.json",
          origin: "user",
          replaced: [{ name: "old", source: "built in" }],
          advice: "Old",
          askedBy: { kind: "option", name: "--profile" },
        },
      },
    },
    "Profile  kubectl-gs\n  File /a.json. Chosen by the option --profile. It holds in place of old (built\n  in). Old.\n",
  ],
  [{ settled: { ...settled, appID: undefined } }, "  . The TelemetryDeck app that the signal is for.\n"],
  [
    {
      settled: {
        ...settled,
        session: { value: "", source: { kind: "variable", name: "GS_TELEMETRY_SESSION" } },
      },
    },
    "  From the variable GS_TELEMETRY_SESSION. Tells which runs belong together.\n",
  ],
  [
    { settled: { ...settled, testMode: { kind: "option", name: "--test-mode" } } },
    "isTestMode  false\n  From the option --test-mode. Keeps tests",
  ],
  [
    { settled: { ...settled, signalType: byDefault("Command.run") } },
    "\n  The default. Tells these signals from others of the app.\n",
  ],
  [
    { words: [], settled: { ...settled, tool: byDefault("kubectl") } },
    "command  kubectl gs login\n  The executable's name. Tells which commands are used.\n",
  ],
  [
    { versionCall: undefined },
    "TelemetryDeck.AppInfo.version  left out\n  Not known. Tells which versions of the tool are in use.\n" +
    "appVersion  left out\n  Not known. The same",
  ],
  [
    {
      signal: { ...explained.signal, payload: { ...explained.signal.payload, appVersion: "1.2.3" } },
      settled: {
        ...settled,
        toolVersion: { value: "1.2.3", source: { kind: "option", name: "--tool-version" } },
      },
    },
    "AppInfo.version  1.2.3\n  From the option --tool-version. Tells which versions of the tool are in use.\n" +
    "appVersion  1.2.3\n  From the option --tool-version. The same",
  ],
  [
    { signal: { ...explained.signal, payload: { ...explained.signal.payload, appVersion: "1.2.3" } } },
    "AppInfo.version  added later\n",
  ],
];

for (const [index, [changes, lines]] of others.entries()) {
  test(`renderExplained() tells where each value is from (${index})`, () => {
    const text = renderExplained({ ...explained, ...changes }, plain);
    assert.ok(text.includes(lines), text);
  });
}

test("renderExplained() keeps a name and its value on one line if they just fit", () => {
  const at = (columns: number) => renderExplained(explained, { columns, isColoured: false });
  const line = "appID  4539763B-A291-4835-B832-9BEB80CA7039";
  assert.ok(at(line.length).includes(`\n${line}\n`));
  assert.ok(at(line.length - 1).includes("\nappID\n  4539763B-A291-4835-B832-9BEB80CA7039\n"));
  const ingredient = "  operating system          linux";
  assert.ok(at(ingredient.length).includes(`\n${ingredient}\n`));
  assert.ok(at(ingredient.length - 1).includes("\n  operating system\n    linux\n"));
});
