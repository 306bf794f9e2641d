import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { appID, inWorld, program, type Result, type World } from "../helpers/harness.ts";
import { installTool, noLink as skip, placeLink, writeProfile } from "../helpers/link.ts";
import { inTerminal, noTerminal } from "../helpers/pseudo_terminal.ts";

const restic = {
  name: "restic",
  displayName: "restic",
  match: [["restic"]],
  appID,
  root: { name: "restic" },
};

/** The program as `opt/gs-telemetry`, and a restic, with the link's directory in front of it on PATH. */
class Installation {
  readonly world: World;
  readonly links: string;
  readonly own: string;
  PATH: string;

  constructor(world: World) {
    this.world = world;
    this.links = join(world.home, "links");
    this.own = join(world.home, "opt/gs-telemetry");
    mkdirSync(join(world.home, "opt"));
    symlinkSync(program[0], this.own);
    installTool(world, "restic");
    this.PATH = [this.links, world.bin, join(world.home, "opt"), "/usr/bin", "/bin"].join(delimiter);
  }

  run(...args: string[]): Promise<Result> {
    return this.world.execute(["gs-telemetry", ...args], { env: { PATH: this.PATH } });
  }
}

function withInstallation(test: (installation: Installation) => Promise<void>): () => Promise<void> {
  return () => inWorld((world) => test(new Installation(world)));
}

test(
  "link stands in front of a tool, and unlink takes that back",
  { skip },
  withInstallation(async (installation) => {
    const { world, links } = installation;
    writeProfile(world, "restic.json", restic);
    const laid = await installation.run("link", "restic", "--dir", links);
    const front = "a link to gs-telemetry, in front of ~/bin/restic.\n";
    assert.deepEqual([laid.stdout, laid.stderr, laid.status], [`~/links/restic is now ${front}`, "", 0]);
    const again = await installation.run("link", "--dir", links, "restic");
    assert.deepEqual([again.stdout, again.status], [`~/links/restic is already ${front}`, 0]);
    const { endpoint } = await world.sink();
    const env = { PATH: installation.PATH, GS_TELEMETRY_ENDPOINT: endpoint };
    const result = await world.execute(["restic", "snapshots"], { env });
    assert.match(result.stdout, /^restic \(real\): snapshots$/m);
    await (await world.sink()).waitFor(1);
    assert.equal((await installation.run("doctor")).status, 0);
    const unlinked = await installation.run("unlink", "restic");
    assert.equal(unlinked.stdout, "Deleted ~/links/restic; now restic is ~/bin/restic.\n");
    assert.equal(existsSync(join(links, "restic")), false);
    const none = await installation.run("unlink", "restic");
    assert.equal(none.stderr, "gs-telemetry: there is no link in front of restic on PATH\n");
    assert.equal(none.status, 1);
  }),
);

test(
  "link lays it beside gs-telemetry, and tells that it is not reached and that no profile claims the tool",
  { skip },
  withInstallation(async (installation) => {
    const { stdout, stderr, status } = await installation.run("link", "restic");
    assert.equal(stdout, "~/opt/restic is now a link to gs-telemetry.\n");
    const lines = stderr.split("\n");
    assert.match(lines[0], /there is no restic behind it on PATH; until there is, calls .* status 127$/);
    assert.match(lines[1], /~\/bin\/restic comes before it on PATH; put ~\/opt in front of it$/);
    assert.match(
      lines[2],
      /no profile claims restic, so nothing is sent; .*learn --app-id UUID --save -- restic$/,
    );
    assert.equal(status, 0);
    const elsewhere = await installation.run(
      "link",
      "restic",
      "--dir",
      join(installation.world.home, "else"),
    );
    assert.match(elsewhere.stderr, /~\/else is not on PATH; put it in front: export PATH=~\/else:\$PATH/);
  }),
);

test(
  "link replaces nothing, and unlink deletes nothing but links to gs-telemetry",
  { skip },
  withInstallation(async (installation) => {
    const { world } = installation;
    const tool = join(world.bin, "restic");
    const before = readFileSync(tool, "utf8");
    const line =
      `gs-telemetry: ${tool} exists and is no link to gs-telemetry; choose another directory with --dir\n`;
    const linked = await installation.run("link", "restic", "--dir", world.bin);
    assert.deepEqual([linked.stderr, linked.status], [line, 1]);
    const unlinked = await installation.run("unlink", "restic", "--dir", world.bin);
    assert.deepEqual([unlinked.stderr, unlinked.status], [
      `gs-telemetry: ${tool} is no link to gs-telemetry; it stays\n`,
      1,
    ]);
    assert.equal(readFileSync(tool, "utf8"), before);
    for (const name of ["gs-telemetry", "bin/restic", "", "-x", "--dir="]) {
      assert.equal((await installation.run("link", name)).status, 125, name);
    }
  }),
);

test(
  "link renews a link that leads nowhere, and unlink deletes copies too",
  { skip },
  withInstallation(async (installation) => {
    const { world, links } = installation;
    mkdirSync(links);
    symlinkSync(join(world.home, "gone/gs-telemetry"), join(links, "restic"));
    const doctor = await installation.run("doctor");
    assert.match(doctor.stdout, /bad +restic: ~\/links\/restic leads to a program that is not there\n/);
    assert.match(
      (await installation.run("link", "--dir", links, "restic")).stdout,
      /^~\/links\/restic is now /,
    );
    assert.equal(lstatSync(join(links, "restic")).isSymbolicLink(), true);
    copyFileSync(program[0], join(links, "helm"));
    assert.match((await installation.run("unlink", "helm")).stdout, /^Deleted ~\/links\/helm; /);
  }),
);

interface Check {
  subject: string;
  name: string;
  isWell: boolean;
  finding: string;
  advice: string | null;
}

async function examine(world: World, env: Record<string, string | undefined> = {}) {
  const { stdout, status } = await world.run(["doctor", "--json"], { env });
  const { isWell, checks } = JSON.parse(stdout);
  assert.equal(status, isWell ? 0 : 1);
  return { isWell, ill: (checks as Check[]).filter((check) => !check.isWell), checks: checks as Check[] };
}

test("doctor says that all is well for a new user, and writes nothing", () =>
  inWorld(async (world) => {
    const { isWell, checks } = await examine(world);
    assert.deepEqual([isWell, checks.map(({ subject }) => subject)], [true, [
      "telemetry",
      "profile",
      "directory",
    ]]);
    assert.equal(existsSync(world.state), false);
    const off = await examine(world, { DO_NOT_TRACK: "1" });
    assert.deepEqual([off.isWell, off.checks[0].finding], [true, "off, by DO_NOT_TRACK"]);
  }));

const illnesses: Record<string, [
  prepare: (world: World) => unknown,
  env: Record<string, string | undefined>,
  finding: RegExp,
  advice: RegExp,
]> = {
  "a variable is wrong": [
    () => {},
    { GS_TELEMETRY_WAIT: "soon" },
    /^GS_TELEMETRY_WAIT is 'soon' but/,
    /^unset GS_/,
  ],
  "a variable is misspelt": [
    () => {},
    { GS_TELEMETRY_OPT_OUT: "1" },
    /is not known/,
    /^set GS_TELEMETRY_OPTOUT$/,
  ],
  "there is no home": [() => {}, { HOME: undefined }, /^there is no home to keep signals in/, /^set HOME$/],
  "signals cannot be kept": [
    (world) => writeFileSync(join(world.home, ".local"), ""),
    {},
    /cannot be written/,
    /^see /,
  ],
  "a settings file is not understood": [
    (world) => writeProfile(world, "../settings.json", "{"),
    {},
    /^off, by ~\/\S+, which is not understood$/,
    /enable, or .* disable$/,
  ],
  "a profile is broken": [
    (world) => writeProfile(world, "a.json", "{"),
    {},
    /a\.json: is not JSON/,
    /^mend or delete ~/,
  ],
  "a profile has no app": [
    (world) => writeProfile(world, "a.json", { ...restic, appID: undefined }),
    {},
    /names no app, so nothing is sent$/,
    /learn --app-id UUID --save -- restic$/,
  ],
};

for (const [what, [prepare, env, finding, advice]] of Object.entries(illnesses)) {
  test(`doctor ends with 1, and says what to do, when ${what}`, () =>
    inWorld(async (world) => {
      prepare(world);
      const { ill } = await examine(world, env);
      assert.equal(ill.length, 1, JSON.stringify(ill));
      assert.match(ill[0].finding, finding);
      assert.match(ill[0].advice ?? "", advice);
    }));
}

test(
  "doctor tells of links without a tool, hidden ones, and those that no profile claims",
  { skip },
  () =>
    inWorld(async (world) => {
      placeLink(world, "nothing-there");
      placeLink(world, "hidden");
      placeLink(world, "unclaimed");
      installTool(world, "unclaimed");
      installTool(world, "hidden");
      const front = join(world.home, "front");
      mkdirSync(front);
      copyFileSync("/bin/true", join(front, "hidden"));
      const PATH = [front, join(world.home, "links"), world.bin, "/usr/bin", "/bin"].join(delimiter);
      const { ill } = await examine(world, { PATH });
      assert.deepEqual(ill.map(({ name, finding }) => [name, finding]), [
        ["hidden", "~/links/hidden is not called: ~/front/hidden comes before it"],
        ["nothing-there", "~/links/nothing-there has no nothing-there behind it on PATH"],
        ["unclaimed", "~/links/unclaimed runs ~/bin/unclaimed, but no profile claims it: nothing is sent"],
      ]);
    }),
);

for (const columns of [80, 40]) {
  test(`doctor fits a terminal of ${columns} columns`, { skip: noTerminal }, () =>
    inWorld(async (world) => {
      writeProfile(world, "a.json", { ...restic, appID: "none" });
      const env = { NO_COLOR: "1", GS_TELEMETRY_WAIT: "soon", GS_TELEMETRY_OPT_OUT: "1" };
      const page = await inTerminal(world, "gs doctor", { columns, env });
      assert.deepEqual(page.split("\n").filter((line) => line.length > columns), []);
      assert.match(page, /\n3 things are not well\.\n$/);
    }));
}
