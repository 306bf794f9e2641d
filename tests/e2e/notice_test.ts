import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { appID, inWorld, nowhere, program, type World } from "../helpers/harness.ts";
import { installTool, noLink } from "../helpers/link.ts";
import { inTerminal, noTerminal } from "../helpers/pseudo_terminal.ts";

// Nobody listens there: what was recorded stays in the queue.
const env = {
  GS_TELEMETRY_APP_ID: appID,
  GS_TELEMETRY_ENDPOINT: nowhere,
};

function noticeAbout(tool: string): string {
  return `gs-telemetry sends anonymous usage signals about ${tool} to 127.0.0.1:
the name of the command, never its arguments. Nothing is sent about this run.
  See it:  gs-telemetry explain -- COMMAND      More: gs-telemetry --help
  Opt out: gs-telemetry disable, or DO_NOT_TRACK=1
`;
}

/** Puts the program on PATH under its own name. */
function install(world: World): void {
  if (program.length === 1) symlinkSync(program[0], join(world.bin, "gs-telemetry"));
}

const queued = 'ls "$HOME/.local/state/gs-telemetry/queue" 2>/dev/null | wc -l';

function isMarked(world: World): boolean {
  return existsSync(join(world.state, "notice-shown"));
}

test("the first run on a terminal shows the notice before the command and sends nothing, the next sends", {
  skip: noTerminal,
}, () =>
  inWorld(async (world) => {
    install(world);
    const shown = await inTerminal(
      world,
      `gs run -- echo first; ${queued}; gs run -- echo second; ${queued}`,
      { env },
    );
    assert.equal(shown, `${noticeAbout("echo")}first\n0\nsecond\n1\n`);
  }));

test(
  "the notice is on stderr alone, and the command's status is its own",
  { skip: noTerminal },
  () =>
    inWorld(async (world) => {
      install(world);
      const script = 'gs run -- sh -c "echo text; exit 7" >"$HOME/output"; echo status $?';
      assert.equal(await inTerminal(world, script, { env }), `${noticeAbout("sh")}status 7\n`);
      assert.equal(readFileSync(join(world.home, "output"), "utf8"), "text\n");
    }),
);

const unseen: Record<string, [script: string, env?: Record<string, string>]> = {
  "stderr is a pipe": ["gs run -- true 2>&1 | cat"],
  "it is a build": ["gs run -- true", { CI: "true" }],
  "it is a build of Azure Pipelines": ["gs run -- true", { TF_BUILD: "True" }],
  "it is muted": ["gs run -- true", { GS_TELEMETRY_NO_NOTICE: "1" }],
};

for (const [condition, [script, more]] of Object.entries(unseen)) {
  test(
    `a run sends without a notice, which stays due, when ${condition}`,
    { skip: noTerminal },
    () =>
      inWorld(async (world) => {
        const shown = await inTerminal(world, `${script}; ${queued}`, { env: { ...env, ...more } });
        assert.equal(shown, "1\n");
        assert.equal(isMarked(world), false);
      }),
  );
}

const silent: Record<string, [script: string, env?: Record<string, string | undefined>]> = {
  "opted out": ["gs run -- true", { DO_NOT_TRACK: "1" }],
  "help is asked for": ["gs run -- sh -c : --help"],
  "no app ID is known": ["gs run -- true", { GS_TELEMETRY_APP_ID: undefined }],
  "it is explained only": ["gs explain -- true >/dev/null"],
  "the state directory cannot be made": ["for i in 1 2; do gs run -- true; done", {
    XDG_STATE_HOME: "/proc/none",
  }],
};

for (const [condition, [script, more]] of Object.entries(silent)) {
  test(
    `no notice is shown or marked, and nothing sent, when ${condition}`,
    { skip: noTerminal },
    () =>
      inWorld(async (world) => {
        const shown = await inTerminal(world, `${script}; ${queued}`, { env: { ...env, ...more } });
        assert.equal(shown, "0\n");
        assert.equal(isMarked(world), false);
      }),
  );
}

test("who has enabled telemetry needs no notice", { skip: noTerminal }, () =>
  inWorld(async (world) => {
    const shown = await inTerminal(world, `gs enable; gs run -- true; ${queued}`, { env });
    assert.equal(shown, "Telemetry is switched on.\n1\n");
  }));

test("exactly one of several first runs shows the notice, and those that saw it due send nothing", {
  skip: noTerminal,
}, () =>
  inWorld(async (world) => {
    install(world);
    const count = 6;
    const script = `for i in ${"x ".repeat(count)}; do gs run -- true & done; wait; ${queued}`;
    const shown = await inTerminal(world, script, { env });
    assert.equal(shown.replace(/^\d+\n$/m, ""), noticeAbout("true"));
    const sent = Number(/^(\d+)\n$/m.exec(shown)?.[1]);
    assert.ok(sent < count, `${sent} of ${count} were recorded`);
  }));

const calls: Record<string, [installed: Record<string, string>, call: string | undefined]> = {
  "by its name": [{ "bin/gs-telemetry": "link" }, "gs-telemetry"],
  "as kubectl's plugin": [{ "bin/kubectl-gs_telemetry": "link" }, "kubectl gs-telemetry"],
  "by its path": [{ "opt/gs-telemetry": "copy" }, "~/opt/gs-telemetry"],
  "not at all": [{ "opt/restic": "copy" }, undefined],
};

for (const [how, [installed, call]] of Object.entries(calls)) {
  test(`the notice behind a link names the tool, and a call that works if the program is called ${how}`, {
    skip: noTerminal || noLink,
  }, () =>
    inWorld(async (world) => {
      installTool(world, "restic");
      const opt = join(world.home, "opt");
      mkdirSync(opt);
      for (const [path, kind] of Object.entries(installed)) {
        (kind === "link" ? symlinkSync : copyFileSync)(program[0], join(world.home, path));
      }
      if (!existsSync(join(opt, "restic"))) {
        symlinkSync(join(world.home, Object.keys(installed)[0]), join(opt, "restic"));
      }
      // Its own directory is not on PATH, but for that of the link.
      const links = join(world.home, "links");
      mkdirSync(links);
      renameSync(join(opt, "restic"), join(links, "restic"));
      const PATH = [links, world.bin, "/usr/bin", "/bin"].join(delimiter);
      const shown = await inTerminal(world, "restic snapshots", { env: { ...env, PATH } });
      assert.ok(shown.startsWith("gs-telemetry sends anonymous usage signals about restic to "), shown);
      assert.match(shown, /^restic \(real\): snapshots$/m);
      if (call === undefined) {
        return assert.match(shown, /Opt out: DO_NOT_TRACK=1 or GS_TELEMETRY_OPTOUT=1\n/);
      }
      assert.ok(shown.includes(`Opt out: ${call} disable, or`), shown);
      const { stdout } = await world.execute(["bash", "-c", `${call} disable`], { env: { PATH } });
      assert.match(stdout, /^Telemetry is switched off/);
    }));
}
