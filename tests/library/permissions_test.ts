import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { denoWords, inProject, isDeno, opening } from "./project.ts";

const skip = isDeno ? false : "only Deno has permissions";
const login = `${opening()} console.log(telemetry.signal("acme login"));`;

/** The README lists them too. */
const least = (home: string) => [
  "--allow-env",
  `--allow-read=${home}`,
  `--allow-write=${home}/.local/state/gs-telemetry`,
  "--allow-sys=hostname,networkInterfaces,uid,gid",
  "--allow-run=/bin/sh",
];

/** Folders above the one that may be written to have to be there. */
function makeStateHome(home: string): void {
  mkdirSync(join(home, ".local/state"), { recursive: true });
}

test(
  "a signal arrives with the least permissions",
  { skip },
  () =>
    inProject(async ({ world, sink, run }) => {
      makeStateHome(world.home);
      const { stdout, stderr } = await run(login, { words: denoWords(process.execPath, least(world.home)) });
      assert.deepEqual([stdout, stderr], ["true\n", ""]);
      await sink.waitFor(1);
    }),
);

for (const hidden of ["DO_NOT_TRACK", "ACME_OPTOUT"]) {
  test(
    `nothing is recorded when ${hidden} may not be read`,
    { skip },
    () =>
      inProject(async ({ world, run }) => {
        makeStateHome(world.home);
        const readable = ["GS_TELEMETRY_OPTOUT", "KUBECTL_GS_TELEMETRY_OPTOUT", "DO_NOT_TRACK", "ACME_OPTOUT"]
          .filter((name) => name !== hidden);
        const more = ["HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "GS_TELEMETRY_ENDPOINT"];
        const permissions = [...least(world.home).slice(1), `--allow-env=${[...readable, ...more]}`];
        const code = `${
          opening('optOut: "ACME_OPTOUT", courier: false')
        } console.log(telemetry.signal("acme login"));`;
        const { stdout } = await run(code, { words: denoWords(process.execPath, permissions) });
        assert.deepEqual([stdout, world.queued()], ["false\n", []]);
      }),
  );
}

for (const [index, missing] of least("HOME").entries()) {
  test(`a program is unharmed without ${missing}`, { skip }, () =>
    inProject(async ({ world, run }) => {
      const permissions = least(world.home).toSpliced(index, 1);
      const { stderr, status } = await run(login, { words: denoWords(process.execPath, permissions) });
      assert.deepEqual([stderr, status], ["", 0]);
      await world.couriersEnded();
    }));
}
