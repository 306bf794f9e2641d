import assert from "node:assert/strict";
import { test } from "node:test";
import { askConsent } from "../../../lib/consent/consent.ts";
import { knownOrganisation, type Organisation, readOrganisation } from "../../../lib/consent/organisation.ts";
import { findAddress } from "../../../lib/run/address.ts";
import { runtime } from "../../../lib/runtime/mod.ts";
import { system } from "../../../lib/system/mod.ts";

const path = runtime.os === "darwin" ? "/Library/Application Support/gs-telemetry" : "/etc/gs-telemetry";
const file = `${path}/settings.json`;
const directory = { uid: 0, mode: 0o040755 };
const plain = { uid: 0, mode: 0o100644 };
type Ownership = ReturnType<typeof system.ownership>;

/** Runs a test as if these files were there. */
function withFiles<Result>(
  owners: Readonly<Record<string, Ownership>>,
  text: string | undefined,
  act: () => Result,
): Result {
  const { ownership } = system;
  const { read } = system.files;
  system.ownership = (asked) => owners[asked] ?? "missing";
  system.files.read = (asked) => asked === file ? text : undefined;
  try {
    return act();
  } finally {
    system.ownership = ownership;
    system.files.read = read;
  }
}

function organisationWith(owner: Ownership, settings: Ownership, text?: string): Organisation {
  return withFiles({ [path]: owner, [file]: settings }, text, readOrganisation);
}

const profiles = `${path}/profiles`;
const found: [owner: Ownership, settings: Ownership, text: string | undefined, expected: object][] = [
  ["missing", "missing", undefined, { choice: "none", file: path, ignored: [] }],
  [plain, plain, "{}", { choice: "none", file: path, ignored: [{ path, reason: "is no directory" }] }],
  ["unknown", plain, "{}", { choice: "off", file: path, fault: "may not be read", ignored: [] }],
  [directory, "missing", undefined, { choice: "none", file, ignored: [], profiles }],
  [directory, directory, "{}", {
    choice: "none",
    file,
    ignored: [{ path: file, reason: "is no file" }],
    profiles,
  }],
  [directory, plain, undefined, { choice: "off", file, fault: "may not be read", ignored: [], profiles }],
];

for (const [index, [owner, settings, text, expected]] of found.entries()) {
  test(`readOrganisation() trusts only what nobody but root could have written (${index})`, () => {
    assert.deepEqual(organisationWith(owner, settings, text), expected);
    assert.deepEqual(knownOrganisation(), expected);
  });
}

const texts: [text: string, choice: string, isUnderstood?: boolean][] = [
  ["{}", "none"],
  ['{"telemetry":"on"}', "on"],
  ['{"telemetry":"off"}', "off"],
  ['{"telemetry":"none","endpoint":"https://a.example","namespace":"acme"}', "none"],
  ...[
    "",
    "[]",
    "null",
    '"on"',
    '{"telemetry":true}',
    '{"telemetry":"ON"}',
    '{"endpoint":1}',
    '{"namespace":null}',
  ]
    .map((text) => [text, "off", false] as [string, string, boolean]),
  ['{"telemetry":"on","other":1}', "off", false],
];

for (const [text, choice, isUnderstood = true] of texts) {
  test(`readOrganisation() reads ${text}`, () => {
    const organisation = organisationWith(directory, plain, text);
    assert.equal(organisation.choice, choice);
    assert.equal(organisation.fault, isUnderstood ? undefined : "is not understood");
  });
}

test("askConsent() obeys the organisation's off, and its on if the user has not chosen", () => {
  const ask = (text: string, variables: Record<string, string> = {}, own?: string) =>
    withFiles({ [path]: directory, [file]: plain }, text, () => askConsent((name) => variables[name], own));
  const on = '{"telemetry":"on"}';
  assert.deepEqual(ask(on), { given: true, decidedBy: file });
  assert.deepEqual(ask("{}"), { given: true });
  assert.deepEqual(ask('{"telemetry":"off"}'), { given: false, decidedBy: file });
  assert.deepEqual(ask("?"), { given: false, decidedBy: file, fault: "is not understood" });
  assert.deepEqual(ask(on, { DO_NOT_TRACK: "1" }), { given: false, decidedBy: "DO_NOT_TRACK" });
  assert.deepEqual(ask(on, { ACME_OPTOUT: "1" }, "ACME_OPTOUT"), { given: false, decidedBy: "ACME_OPTOUT" });
  organisationWith("missing", "missing");
});

test("findAddress() takes the organisation's server behind option and variable, if it is right", () => {
  const find = (text: string, options: object = {}) => {
    organisationWith(directory, plain, text);
    const { endpoint, namespace } = findAddress(options, () => undefined);
    return [endpoint.value, endpoint.source, namespace?.value, namespace?.source];
  };
  const source = { kind: "organisation", file };
  const settings = '{"endpoint":"https://a.example","namespace":"acme"}';
  assert.deepEqual(find(settings), ["https://a.example", source, "acme", source]);
  const given = find(settings, { endpoint: "https://b.example" });
  assert.deepEqual(given.slice(0, 2), ["https://b.example", { kind: "option", name: "--endpoint" }]);
  const byDefault = ["https://nom.telemetrydeck.com/v2/", { kind: "default" }, undefined, undefined];
  assert.deepEqual(find("{}"), byDefault);
  assert.throws(() => find('{"namespace":"a/b"}'), {
    name: "VariableError",
    variable: file,
    message: `namespace in ${file} is 'a/b' but should be letters, digits, dots, hyphens and underscores`,
  });
  organisationWith("missing", "missing");
});
