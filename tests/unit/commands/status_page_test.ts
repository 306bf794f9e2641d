import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import type { Status } from "../../../lib/commands/status_survey.ts";
import { relativeTime, renderStatus } from "../../../lib/commands/status_page.ts";
import { marked } from "../../helpers/marked.ts";

const now = Date.UTC(2026, 10, 23, 12);
const env = (name: string) => name === "HOME" ? "/home/tester" : undefined;

function ago(seconds: number): string {
  return new Date(now - seconds * 1_000).toISOString();
}

const fresh: Status = {
  consent: { given: true, decidedBy: null, fault: null },
  problems: [],
  endpoint: "https://nom.telemetrydeck.com/v2/",
  clientUser: "dd73d275f386757a18e4062711065d6b2d948b99750aaf977d59cf18efbc2717",
  profiles: [{
    name: "kubectl-gs",
    source: "built in",
    origin: "built in",
    appID: null,
    claims: ["kubectl gs", "kubectl-gs"],
    problem: null,
    replacedBy: null,
    advice: null,
    optedOutBy: null,
    clientUser: "dd73d275f386757a18e4062711065d6b2d948b99750aaf977d59cf18efbc2717",
  }],
  settingsFile: "/home/tester/.config/gs-telemetry/settings.json",
  organisation: { settingsFile: "/etc/gs-telemetry/settings.json", telemetry: null, ignored: [] },
  stateDirectory: "/home/tester/.local/state/gs-telemetry",
  isWritable: true,
  queue: { length: 0, oldest: null },
  isDelivering: false,
  lastDelivery: null,
  lastError: null,
  nextTry: null,
  setAside: 0,
  dropped: 0,
};

const busy: Status = {
  ...fresh,
  consent: { given: true, decidedBy: fresh.settingsFile, fault: null },
  profiles: [...fresh.profiles, {
    name: "acme",
    source: "/home/tester/.config/gs-telemetry/profiles/acme.json",
    origin: "user",
    appID: null,
    claims: ["acme"],
    problem: "profile acme.json: root.name should be a text",
    replacedBy: null,
    advice: null,
    optedOutBy: null,
    clientUser: null,
  }, {
    name: "tool",
    source: "/home/tester/.config/gs-telemetry/profiles/tool.json",
    origin: "user",
    appID: null,
    claims: ["tool"],
    problem: null,
    replacedBy: null,
    advice: null,
    optedOutBy: "TOOL_OPTOUT",
    clientUser: null,
  }],
  queue: { length: 3, oldest: ago(200) },
  isDelivering: true,
  lastDelivery: ago(7_300),
  lastError: { at: ago(61), reason: "status 503" },
  nextTry: ago(-120),
  setAside: 1,
  dropped: 5,
};

test("renderStatus() says that an organisation's choice holds for everyone, and what of theirs is ignored", () => {
  const { settingsFile } = fresh.organisation;
  const profile = "/etc/gs-telemetry/profiles/acme.json";
  const ignored = [{ path: profile, reason: "may be written by others than root" }];
  const status: Status = {
    ...fresh,
    consent: { given: false, decidedBy: settingsFile, fault: null },
    organisation: { settingsFile, telemetry: "off", ignored },
  };
  const text = renderStatus(status, now, { columns: 80, isColoured: false }, env);
  assert.equal(
    text.slice(0, text.indexOf("\n\n")),
    `Telemetry  off, by /etc/gs-telemetry/settings.json
           This holds for everyone on this machine.
Ignored    /etc/gs-telemetry/profiles/acme.json may be written by others than
           root`,
  );
});

test("renderStatus() fits 80 columns when all is well", () => {
  assert.equal(
    renderStatus(fresh, now, { columns: 80, isColoured: false }, env),
    `Telemetry  on (nobody has chosen otherwise)
           To switch it off: gs-telemetry disable

Sent       one signal a run: the command's name, never its arguments
           To see it: gs-telemetry explain -- COMMAND
To         https://nom.telemetrydeck.com/v2/
User hash  dd73d275f386757a18e4062711065d6b2d948b99750aaf977d59cf18efbc2717
Profiles   kubectl-gs, built in

Waiting    nothing
Delivered  never
`,
  );
});

test("renderStatus() fits 40 columns and tells all that is wrong", () => {
  const page = renderStatus(busy, now, { columns: 40, isColoured: false }, env);
  assert.equal(
    page,
    `Telemetry  on, by
           ~/.config/gs-telemetry/settin
           gs.json
           To switch it off:
           gs-telemetry disable

Sent       one signal a run: the
           command's name, never its
           arguments
           To see it: gs-telemetry
           explain -- COMMAND
To         https://nom.telemetrydeck.com
           /v2/
User hash  dd73d275f386757a18e4062711065
           d6b2d948b99750aaf977d59cf18ef
           bc2717
Profiles   kubectl-gs, built in
           acme,
           ~/.config/gs-telemetry/profil
           es/acme.json
           profile acme.json: root.name
           should be a text
           tool,
           ~/.config/gs-telemetry/profil
           es/tool.json: off, by
           TOOL_OPTOUT

Waiting    3 signals, the oldest from 3
           minutes ago; being sent now
Delivered  last 2 hours ago
Last error 1 minute ago: status 503
Next try   in 2 minutes
Set aside  1 signal that a server
           refused for good
Given up   5 signals: too old, too many
           or damaged
`,
  );
});

test("renderStatus() says what switched telemetry off and how to switch it on", () => {
  const style = { columns: Infinity, isColoured: false };
  const byVariable = { ...fresh, consent: { given: false, decidedBy: "DO_NOT_TRACK", fault: null } };
  assert.match(
    renderStatus(byVariable, now, style, env),
    /^Telemetry +off, by DO_NOT_TRACK\n +To switch it on: unset DO_NOT_TRACK\n\nSent +nothing\n/,
  );
  const fault = "is not understood";
  const byFile = { ...fresh, consent: { given: false, decidedBy: fresh.settingsFile, fault } };
  assert.match(
    renderStatus(byFile, now, style, env),
    /^Telemetry +off, by ~\/\.config\/gs-telemetry\/settings\.json, which is not understood\n.*gs-telemetry enable\n/,
  );
});

test("renderStatus() shows what would steer the terminal as its code", () => {
  const [profile] = busy.profiles;
  const source = `${fresh.stateDirectory}/a\x1b[2J.json`;
  const profiles = [{ ...profile, name: "a\x1b[31m", source, problem: "not 'a\x9b31m'" }];
  const page = renderStatus({ ...fresh, profiles }, now, { columns: Infinity, isColoured: false }, env);
  assert.match(page, /a\\u001b\[31m, .*\/a\\u001b\[2J\.json\n +not 'a\\u009b31m'\n/);
});

test("renderStatus() differs by colour alone when it is coloured", () => {
  const plain = renderStatus(busy, now, { columns: 80, isColoured: false }, env);
  const coloured = renderStatus(busy, now, { columns: 80, isColoured: true }, env);
  assert.equal(stripVTControlCharacters(coloured), plain);
  assert.ok(coloured.includes("\x1b[32mon, by ~/.config/gs-telemetry/settings.json\x1b[39m\n"));
});

test("relativeTime() counts whole units", () => {
  const cases: [seconds: number, text: string][] = [
    [0, "a moment ago"],
    [-0.9, "a moment ago"],
    [0.9, "in a moment"],
    [-1, "1 second ago"],
    [-59.9, "59 seconds ago"],
    [-180, "3 minutes ago"],
    [-7_300, "2 hours ago"],
    [-86_400, "1 day ago"],
    [-400_000, "4 days ago"],
    [3_600, "in 1 hour"],
  ];
  for (const [seconds, text] of cases) assert.equal(relativeTime(now + seconds * 1_000, now), text);
});

const wide = { columns: Infinity, isColoured: false };

function line(changes: Partial<Status>, label: string): string | undefined {
  const lines = renderStatus({ ...fresh, ...changes }, now, wide, env).split("\n");
  return lines.find((each) => each.startsWith(label))?.slice(11);
}

test("renderStatus() says why there is no queue", () => {
  assert.equal(line({}, "Queue"), undefined);
  assert.equal(
    line({ isWritable: false }, "Queue"),
    "none: ~/.local/state/gs-telemetry cannot be written, so nothing is sent",
  );
  assert.equal(
    line({ isWritable: false, stateDirectory: null }, "Queue"),
    "none: there is no home to keep it in",
  );
});

test("renderStatus() counts what waits, was set aside and given up", () => {
  assert.equal(
    line({ queue: { length: 1, oldest: ago(60) } }, "Waiting"),
    "1 signal, the oldest from 1 minute ago",
  );
  assert.equal(line({ queue: { length: 2, oldest: null } }, "Waiting"), "2 signals");
  assert.equal(
    line({ queue: { length: 2, oldest: null }, isDelivering: true }, "Waiting"),
    "2 signals; being sent now",
  );
  assert.deepEqual([line({}, "Set aside"), line({}, "Given up")], [undefined, undefined]);
  assert.equal(line({ setAside: 2 }, "Set aside"), "2 signals that a server refused for good");
  assert.equal(line({ dropped: 1 }, "Given up"), "1 signal: too old, too many or damaged");
  assert.deepEqual([line({}, "Last error"), line({}, "Next try")], [undefined, undefined]);
});

test("renderStatus() shows a profile's advice, also beside an opt-out, but not beside a problem", () => {
  const [profile] = fresh.profiles;
  const text = (changes: Partial<typeof profile>) =>
    renderStatus({ ...fresh, profiles: [{ ...profile, advice: "Old", ...changes }] }, now, wide, env);
  assert.match(text({}), /^Profiles +kubectl-gs, built in\n +Old\n\n/m);
  assert.match(text({ optedOutBy: "X" }), /^Profiles +kubectl-gs, built in: off, by X\n +Old\n\n/m);
  assert.match(text({ problem: "Bad" }), /^Profiles +kubectl-gs, built in\n +Bad\n\n/m);
});

test("renderStatus() colours what is on, off or wrong", () => {
  const text = (status: Status) => marked(renderStatus(status, now, { columns: 200, isColoured: true }, env));
  const off = { given: false, decidedBy: "DO_NOT_TRACK", fault: null };
  const telemetry = "<bold>Telemetry</>  ";
  assert.ok(text({ ...fresh, consent: off }).startsWith(`${telemetry}<yellow>off, by DO_NOT_TRACK</>`));
  assert.ok(text(fresh).startsWith(`${telemetry}<green>on (nobody has chosen otherwise)</>`));
  const page = text(busy);
  for (const part of ["<red>acme, ~", "<yellow>tool, ~", "<red>1 minute ago: status 503</>"]) {
    assert.ok(page.includes(part), part);
  }
  assert.ok(text({ ...fresh, isWritable: false }).includes("<red>none: "));
  assert.ok(page.includes("<bold>Waiting</>    3 signals"));
});

test("relativeTime() changes its unit at a whole one", () => {
  const cases: [seconds: number, text: string][] = [
    [1, "in 1 second"],
    [59, "in 59 seconds"],
    [60, "in 1 minute"],
    [3_599, "in 59 minutes"],
    [3_600, "in 1 hour"],
    [86_399, "in 23 hours"],
    [86_400, "in 1 day"],
    [-3_600, "1 hour ago"],
  ];
  for (const [seconds, text] of cases) assert.equal(relativeTime(now + seconds * 1_000, now), text);
});
