import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { findConfigDirectory } from "../../../lib/directories/config_directory.ts";
import { configDirectoryPath, shortPath, stateDirectoryPath } from "../../../lib/directories/paths.ts";
import {
  findStateDirectory,
  isStateWritable,
  makeQueue,
  rememberNotice,
  StateDirectory,
} from "../../../lib/directories/state_directory.ts";
import { runtime } from "../../../lib/runtime/mod.ts";

function environment(variables: Record<string, string>) {
  return (name: string) => variables[name];
}

/** Runs a test as if the system were another one. */
function on(os: string, test: () => void): void {
  const before = runtime.os;
  Object.assign(runtime, { os });
  try {
    test();
  } finally {
    Object.assign(runtime, { os: before });
  }
}

const windows = { LOCALAPPDATA: "C:\\Users\\ada\\AppData\\Local", APPDATA: "C:/Users/ada/AppData/Roaming" };
const xdg = { XDG_STATE_HOME: "/state", XDG_CONFIG_HOME: "/config" };

const places: [os: string, variables: Record<string, string>, state?: string, config?: string][] = [
  ["linux", { HOME: "/home/ada" }, "/home/ada/.local/state/gs-telemetry", "/home/ada/.config/gs-telemetry"],
  ["linux", { HOME: "/home/ada", ...xdg }, "/state/gs-telemetry", "/config/gs-telemetry"],
  ["linux", { HOME: "ada", XDG_STATE_HOME: "state", XDG_CONFIG_HOME: "" }],
  ["linux", {}],
  ["linux", windows],
  [
    "darwin",
    { HOME: "/Users/ada" },
    "/Users/ada/Library/Application Support/gs-telemetry",
    "/Users/ada/Library/Application Support/gs-telemetry",
  ],
  ["darwin", { HOME: "/Users/ada", ...xdg }, "/state/gs-telemetry", "/config/gs-telemetry"],
  [
    "windows",
    { HOME: "/home/ada", ...windows },
    "C:\\Users\\ada\\AppData\\Local/gs-telemetry",
    "C:/Users/ada/AppData/Roaming/gs-telemetry",
  ],
  ["windows", { HOME: "/home/ada" }],
  ["windows", { LOCALAPPDATA: "x:y", APPDATA: "AppData C:\\" }],
];

for (const [os, variables, state, config] of places) {
  test(`the directories are found on ${os} with ${JSON.stringify(variables)}`, () =>
    on(os, () => {
      const env = environment(variables);
      assert.deepEqual([stateDirectoryPath(env), configDirectoryPath(env)], [state, config]);
      assert.equal(findStateDirectory(env)?.path, state);
      assert.equal(findConfigDirectory(env)?.path, config);
    }));
}

test("the directories own the paths of their files", () => {
  const state = new StateDirectory("/s");
  const { queue, rejected, courierLock, yieldRequest, deliveryState, profileCache, toolVersions } = state;
  assert.deepEqual(
    [queue, rejected, courierLock, yieldRequest, deliveryState, profileCache, toolVersions],
    [
      "/s/queue",
      "/s/rejected",
      "/s/courier.lock",
      "/s/courier.yield",
      "/s/delivery.json",
      "/s/profiles.cache",
      "/s/versions.json",
    ],
  );
  assert.equal(state.noticeShown(), "/s/notice-shown");
  assert.equal(state.noticeShown("a/b c"), "/s/notice-shown-a%2Fb%20c");
  const config = findConfigDirectory(environment({ XDG_CONFIG_HOME: "/c" }))!;
  assert.deepEqual([config.settings, config.profiles], [
    "/c/gs-telemetry/settings.json",
    "/c/gs-telemetry/profiles",
  ]);
});

test("shortPath() begins with ~ below the home directory only", () => {
  const short = (path: string, HOME: string) => shortPath(path, environment({ HOME }));
  assert.equal(short("/home/ada/x", "/home/ada"), "~/x");
  assert.equal(short("/home/adam/x", "/home/ada"), "/home/adam/x");
  assert.equal(short("/home/ada", "/home/ada"), "/home/ada");
  assert.equal(short("/x", "/"), "/x");
  assert.equal(short("//x", "/"), "//x");
  assert.equal(short("ada/x", "ada"), "ada/x");
  assert.equal(shortPath("/x", () => undefined), "/x");
});

function inHome(test: (home: string) => void): void {
  const home = mkdtempSync(join(tmpdir(), "gs-telemetry-test-"));
  try {
    test(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

test("makeQueue() makes the user's own directories down to the queue", () =>
  inHome((home) => {
    const state = new StateDirectory(`${home}/.local/state/gs-telemetry`);
    makeQueue(state);
    for (const path of [`${home}/.local`, state.path, state.queue]) {
      assert.equal(statSync(path).mode & 0o777, 0o700);
    }
    rmSync(state.queue, { recursive: true });
    makeQueue(state);
    assert.ok(existsSync(state.queue));
  }));

test("makeQueue() and rememberNotice() make no home directory", () =>
  inHome((home) => {
    const state = new StateDirectory(`${home}/ada/.local/state/gs-telemetry`);
    makeQueue(state);
    assert.equal(rememberNotice(state), false);
    assert.equal(existsSync(`${home}/ada`), false);
  }));

test("rememberNotice() says who was the first, for each tool", () =>
  inHome((home) => {
    const state = new StateDirectory(`${home}/.local/state/gs-telemetry`);
    assert.deepEqual([rememberNotice(state), rememberNotice(state)], [true, false]);
    assert.deepEqual([rememberNotice(state, "acme"), rememberNotice(state, "acme")], [true, false]);
    assert.ok(existsSync(state.noticeShown()) && existsSync(state.noticeShown("acme")));
  }));

test("isStateWritable() looks at the directory that there is, no further up than the home directory", () =>
  inHome((home) => {
    const state = `${home}/.local/state/gs-telemetry`;
    assert.equal(isStateWritable(new StateDirectory(state)), true);
    assert.equal(isStateWritable(new StateDirectory(`${home}/ada/.local/state/gs-telemetry`)), false);
    mkdirSync(state, { recursive: true });
    assert.equal(isStateWritable(new StateDirectory(state)), true);
    rmSync(state, { recursive: true });
    writeFileSync(state, "a file where the directory would be");
    assert.equal(isStateWritable(new StateDirectory(state)), false);
  }));
