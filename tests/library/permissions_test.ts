import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { denoWords, inProject, isDeno, opening } from "../helpers/project.ts";

const skip = isDeno ? false : "only Deno has permissions";
const login = `${opening()} console.log(telemetry.signal("acme login"));`;

/** docs/library.md lists them too. */
const least = (home: string) => [
  "--allow-env",
  `--allow-read=${home},/etc/gs-telemetry`,
  `--allow-write=${home}/.local/state/gs-telemetry`,
  "--allow-sys=hostname,networkInterfaces,uid,gid",
  "--allow-run=/bin/sh",
];

const readable = [
  ...["GS_TELEMETRY_OPTOUT", "KUBECTL_GS_TELEMETRY_OPTOUT", "DO_NOT_TRACK", "ACME_OPTOUT"],
  ...["HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "GS_TELEMETRY_ENDPOINT"],
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
        const permissions = [
          ...least(world.home).slice(1),
          `--allow-env=${readable.filter((name) => name !== hidden)}`,
        ];
        const code = `${
          opening('optOutVariable: "ACME_OPTOUT", courier: false')
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

test(
  "a signal is recorded where no courier may be started",
  { skip },
  () =>
    inProject(async ({ world, run }) => {
      makeStateHome(world.home);
      const permissions = least(world.home).slice(0, -1);
      const { stdout, stderr } = await run(login, { words: denoWords(process.execPath, permissions) });
      assert.deepEqual([stdout, stderr, world.queued().length], ["true\n", "", 1]);
    }),
);

const wrapLogin = `
  import { wrap } from "@giantswarm/gs-telemetry";
  const status = await wrap("kubectl", ["gs", "login"]);
  console.log(status);
`;
const wrapped = /^kubectl-gs \(stand-in\): login\n[^]*42\n$/;

for (const [index, missing] of least("HOME").entries()) {
  test(`a wrapped command runs without ${missing}`, { skip }, () =>
    inProject(async ({ world, run }) => {
      const permissions = [...least(world.home).toSpliced(index, 1), "--allow-run=kubectl"];
      const { stdout, stderr } = await run(wrapLogin, { words: denoWords(process.execPath, permissions) });
      assert.match(stdout, wrapped, stderr);
      await world.couriersEnded();
    }));
}

test(
  "a wrapped command runs without any permission but to run it",
  { skip },
  () =>
    inProject(async ({ run }) => {
      const { stdout, stderr } = await run(wrapLogin, {
        words: denoWords(process.execPath, ["--allow-run=kubectl"]),
      });
      assert.match(stdout, wrapped, stderr);
    }),
);

test(
  "a wrapped command is recorded where few variables may be read",
  { skip },
  () =>
    inProject(async ({ world, run }) => {
      makeStateHome(world.home);
      const permissions = [
        ...least(world.home).slice(2),
        "--allow-read",
        "--allow-run=kubectl",
        `--allow-env=${[...readable, "PATH"]}`,
      ];
      const { stdout, stderr } = await run(wrapLogin, { words: denoWords(process.execPath, permissions) });
      assert.match(stdout, wrapped, stderr);
      assert.equal(world.queued().length, 1);
    }),
);
