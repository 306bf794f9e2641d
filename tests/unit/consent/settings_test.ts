import assert from "node:assert/strict";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { askConsent } from "../../../lib/consent/consent.ts";
import { parseSettings, readSetting, writeSetting } from "../../../lib/consent/settings.ts";
import { ConfigDirectory } from "../../../lib/directories/config_directory.ts";

const texts: [text: string, choice: "on" | "off" | undefined][] = [
  ['{"telemetry":"on"}', "on"],
  ['{"telemetry":"off"}\n', "off"],
  ['{ "telemetry": "on", "other": 1 }', "on"],
  ["", undefined],
  ["{}", undefined],
  ["null", undefined],
  ["on", undefined],
  ['"on"', undefined],
  ['["on"]', undefined],
  ['{"telemetry":true}', undefined],
  ['{"telemetry":"ON"}', undefined],
  ['{"telemetry":"on"', undefined],
  ["\0\0\0", undefined],
];

for (const [text, choice] of texts) {
  test(`parseSettings() gives ${choice ?? "nothing"} when the text is ${JSON.stringify(text)}`, () => {
    assert.equal(parseSettings(text), choice);
  });
}

/** Gives what is read when the settings file was put into place like this. */
function settingWith(put: (file: string) => void, more: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "gs-telemetry-settings-"));
  try {
    mkdirSync(join(folder, "gs-telemetry"));
    const file = join(folder, "gs-telemetry/settings.json");
    put(file);
    const variables: Record<string, string> = { XDG_CONFIG_HOME: folder, ...more };
    const env = (name: string) => variables[name];
    const { file: found, ...setting } = { file: undefined, ...readSetting(env) };
    return { setting, isInPlace: found === file, consent: askConsent(env) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("readSetting() tells a missing file from one that cannot be read", () => {
  assert.deepEqual(settingWith(() => {}).setting, { choice: "none" });
  const unreadable = { choice: "off", fault: "cannot be read" };
  assert.deepEqual(settingWith((file) => mkdirSync(file)).setting, unreadable);
  for (const target of ["settings.json", "missing.json"]) {
    assert.deepEqual(settingWith((file) => symlinkSync(target, file)).setting, unreadable);
  }
  const text = settingWith((file) => writeFileSync(file, "?"));
  assert.deepEqual(text.setting, { choice: "off", fault: "is not understood" });
  assert.ok(text.isInPlace);
});

test("readSetting() finds no choice when there is no home, or a file where the folder would be", () => {
  assert.deepEqual(readSetting(() => undefined), { choice: "none" });
  assert.deepEqual(readSetting((name) => name === "XDG_CONFIG_HOME" ? "relative" : undefined), {
    choice: "none",
  });
  const file = join(tmpdir(), `gs-telemetry-no-folder-${crypto.randomUUID()}`);
  writeFileSync(file, "");
  try {
    assert.deepEqual(readSetting((name) => name === "XDG_CONFIG_HOME" ? file : undefined), {
      choice: "none",
    });
  } finally {
    rmSync(file);
  }
});

test("askConsent() follows the settings file, and a variable before that", () => {
  const on = (file: string) => writeFileSync(file, '{"telemetry":"on"}');
  assert.equal(settingWith(on).consent.given, true);
  assert.match(settingWith(on).consent.decidedBy ?? "", /settings\.json$/);
  const refused = { given: false, decidedBy: "DO_NOT_TRACK" };
  assert.deepEqual(settingWith(on, { DO_NOT_TRACK: "1" }).consent, refused);
  assert.equal(settingWith((file) => writeFileSync(file, '{"telemetry":"off"}')).consent.given, false);
  assert.equal(settingWith((file) => writeFileSync(file, "")).consent.given, false);
});

test("askConsent() says what is wrong with the settings file", () => {
  const { consent } = settingWith((file) => writeFileSync(file, "{}"));
  const { decidedBy, ...rest } = consent as { given: boolean; decidedBy?: string };
  assert.deepEqual(rest, { given: false, fault: "is not understood" });
  assert.match(decidedBy ?? "", /gs-telemetry\/settings\.json$/);
  const off = settingWith((file) => writeFileSync(file, '{"telemetry":"off"}')).consent;
  assert.equal("fault" in off, false);
});

function inConfig(test: (config: ConfigDirectory, folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "gs-telemetry-settings-"));
  try {
    test(new ConfigDirectory(join(folder, "new/gs-telemetry")), folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("writeSetting() replaces the file, which the user alone may read, and leaves no other", () =>
  inConfig((config) => {
    for (const choice of ["off", "on"] as const) {
      assert.deepEqual(writeSetting(config, choice), { done: true });
      assert.equal(readFileSync(config.settings, "utf8"), `{"telemetry":"${choice}"}\n`);
      assert.equal(statSync(config.settings).mode & 0o777, 0o600);
      assert.deepEqual(readdirSync(config.path), ["settings.json"]);
    }
    assert.equal(statSync(config.path).mode & 0o777, 0o700);
  }));

test("writeSetting() replaces the file behind a symbolic link", () =>
  inConfig((config, folder) => {
    mkdirSync(config.path, { recursive: true });
    const target = join(folder, "dotfiles.json");
    writeFileSync(target, "{}");
    symlinkSync(target, config.settings);
    writeSetting(config, "off");
    assert.equal(readFileSync(target, "utf8"), '{"telemetry":"off"}\n');
    assert.ok(lstatSync(config.settings).isSymbolicLink());
  }));

test("writeSetting() says why the file cannot be replaced, and leaves nothing unfinished", () =>
  inConfig((config, folder) => {
    mkdirSync(join(config.settings, "folder"), { recursive: true });
    assert.equal(writeSetting(config, "off").done, false);
    assert.deepEqual(readdirSync(config.path), ["settings.json"]);
    writeFileSync(join(folder, "file"), "");
    assert.equal(writeSetting(new ConfigDirectory(join(folder, "file/x")), "off").done, false);
  }));
