import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { optionDefinitions } from "../../lib/run/options.ts";
import { appID, inWorld, nowhere, type World } from "../helpers/harness.ts";
import { installTool, noLink as skip, placeLink } from "../helpers/link.ts";
import { stress } from "../helpers/way.ts";

const profile = {
  name: "restic",
  displayName: "restic",
  match: [["restic"]],
  appID,
  root: { name: "restic" },
};

const rubbish = fc.oneof(
  fc.constantFrom(
    "",
    "1",
    "-1",
    "~",
    "/",
    "\n",
    "[]",
    "{}",
    "null",
    "\u{1f600}",
    "%00",
    "../..",
    "a=b",
    "NaN",
  ),
  fc.string({ unit: "binary", maxLength: 40 }).map((text) => text.replaceAll("\0", "").toWellFormed()),
  fc.json({ maxDepth: 2 }),
);

const variables = [
  ...Object.values(optionDefinitions).flatMap((definition) =>
    "variable" in definition ? [definition.variable] : []
  ),
  ...["OPTOUT", "SALT", "NO_NOTICE", "COURIER", "COUNTED", "LIMITS", "RELEASES"].map((name) =>
    `GS_TELEMETRY_${name}`
  ),
  "DO_NOT_TRACK",
];

/** Values that are right, so that a run also gets as far as to write. A long wait would only take time. */
const right: Record<string, string> = {
  GS_TELEMETRY_APP_ID: appID,
  GS_TELEMETRY_ENDPOINT: nowhere,
  GS_TELEMETRY_WAIT: "0.01",
  GS_TELEMETRY_LIMITS: '{"patience":0}',
};

const isLongWait = (value: string) => /^\d/.test(value);

const environment = fc.record(
  Object.fromEntries(variables.map((name) => {
    const wrong = name === "GS_TELEMETRY_WAIT" ? rubbish.filter((value) => !isLongWait(value)) : rubbish;
    return [name, name in right ? fc.oneof(wrong, fc.constant(right[name])) : wrong];
  })),
  { requiredKeys: [] },
);

/** What may lie in place of a file. */
const content = fc.oneof(
  rubbish.map((text) => (path: string) => writeFileSync(path, text)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => (path: string) => writeFileSync(path, bytes)),
  fc.constant((path: string) => writeFileSync(path, JSON.stringify(profile))),
  fc.constant((path: string) => void mkdirSync(path)),
  fc.constant((path: string) => symlinkSync(path, path)),
  fc.constant((path: string) => symlinkSync("/nonexistent", path)),
  fc.constant((path: string) => void execFileSync("mkfifo", [path])),
);

const state = ".local/state/gs-telemetry";
const config = ".config/gs-telemetry";
const files = [
  ...["", "/queue", "/queue/000.json", "/rejected", "/courier.lock", "/courier.yield", "/delivery.json"].map((
    path,
  ) => state + path),
  ...["/profiles.cache", "/versions.json", "/notice-shown", "/unlisted-restic"].map((path) => state + path),
  ...["", "/settings.json", "/profiles", "/profiles/restic.json", "/profiles/a.json"].map((path) =>
    config + path
  ),
];

const disorder = fc.record(Object.fromEntries(files.map((file) => [file, content])), { requiredKeys: [] });

function makeDisorder(world: World, made: Record<string, ((path: string) => void) | undefined>): void {
  for (const folder of [state, config]) rmSync(join(world.home, folder), { recursive: true, force: true });
  // Those above come first; what lies below a file cannot be made.
  for (const file of files) {
    const path = join(world.home, file);
    try {
      if (!made[file]) continue;
      mkdirSync(dirname(path), { recursive: true });
      made[file](path);
    } catch {
      // It is in the way of another.
    }
  }
}

test("a link runs its tool with the same arguments, output and status, whatever is in variables and files", {
  skip,
}, () =>
  inWorld(async (world) => {
    const direct = installTool(world, "restic");
    const PATH = placeLink(world, "restic");
    const args = fc.array(rubbish, { maxLength: 3 });
    try {
      await fc.assert(
        fc.asyncProperty(environment, disorder, args, async (env, made, words) => {
          makeDisorder(world, made);
          const limited = ["timeout", "-k", "1", "30"];
          const linked = await world.execute([...limited, "restic", ...words], { env: { ...env, PATH } });
          assert.deepEqual(
            linked,
            await world.execute([...limited, direct, ...words], { env: { ...env, PATH } }),
          );
        }),
        { numRuns: stress(60, 20), interruptAfterTimeLimit: 120_000 },
      );
    } finally {
      // With rubbish for its limits, a courier may stay for a minute.
      for (const pid of world.couriers()) process.kill(pid, "SIGKILL");
    }
  }));
