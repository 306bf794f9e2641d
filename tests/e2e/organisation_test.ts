import assert from "node:assert/strict";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { appID } from "../helpers/constants.ts";
import { inWorld, program, type Result, type World } from "../helpers/harness.ts";
import { noOrganisation, withOrganisation } from "../helpers/organisation.ts";
import { plantSignals } from "../helpers/plant.ts";
import { isInstalled } from "../helpers/property.ts";
import { inTerminal, noTerminal } from "../helpers/pseudo_terminal.ts";

const skip = noOrganisation;
const file = "/etc/gs-telemetry/settings.json";
const says = (settings: unknown) => `echo '${JSON.stringify(settings)}' >settings.json`;
const acme = {
  name: "acme",
  displayName: "acme",
  match: [["true"]],
  appID,
  optOutVariable: "ACME_TELEMETRY_OPTOUT",
  root: { name: "acme", commands: [{ name: "deploy" }] },
};
const profile = (more: object = {}) => `echo '${JSON.stringify({ ...acme, ...more })}' >profiles/acme.json`;

function chooseAsUser(world: World, choice: "on" | "off"): void {
  mkdirSync(join(world.home, ".config/gs-telemetry"), { recursive: true });
  writeFileSync(
    join(world.home, ".config/gs-telemetry/settings.json"),
    JSON.stringify({ telemetry: choice }),
  );
}

function writeUserProfile(world: World, value: object): void {
  const folder = join(world.home, ".config/gs-telemetry/profiles");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "own.json"), JSON.stringify(value));
}

async function consent(
  world: World,
  setUp: string,
  env: Record<string, string> = {},
): Promise<[given: boolean, decidedBy: string | null, fault: string | null]> {
  const { stdout } = await withOrganisation(world, setUp, "gs status --json", { env });
  const { given, decidedBy, fault } = JSON.parse(stdout).consent;
  return [given, decidedBy?.replace(world.home, "~") ?? null, fault];
}

const userFile = "~/.config/gs-telemetry/settings.json";

/** Who says what, and what decides: a variable, the organisation, the user. */
const decisions: readonly (readonly [
  name: string,
  variable: string | undefined,
  organisation: "on" | "off" | undefined,
  user: "on" | "off" | undefined,
  given: boolean,
  decidedBy: string | null,
])[] = [
  ["nobody", undefined, undefined, undefined, true, null],
  ["a user's off", undefined, undefined, "off", false, userFile],
  ["a user's on", undefined, undefined, "on", true, userFile],
  ["an organisation's off", undefined, "off", undefined, false, file],
  ["an organisation's off against a user's on", undefined, "off", "on", false, file],
  ["an organisation's on", undefined, "on", undefined, true, file],
  ["a user's off against an organisation's on", undefined, "on", "off", false, userFile],
  ["a variable's off against both on", "DO_NOT_TRACK", "on", "on", false, "DO_NOT_TRACK"],
  ["a variable before an organisation", "GS_TELEMETRY_OPTOUT", "off", "on", false, "GS_TELEMETRY_OPTOUT"],
];

for (const [name, variable, organisation, user, given, decidedBy] of decisions) {
  test(`telemetry is ${given ? "on" : "off"} by ${name}`, { skip }, () =>
    inWorld(async (world) => {
      if (user) chooseAsUser(world, user);
      const setUp = organisation ? says({ telemetry: organisation }) : "true";
      const env: Record<string, string> = variable ? { [variable]: "1" } : {};
      assert.deepEqual(await consent(world, setUp, env), [given, decidedBy, null]);
    }));
}

test(
  "a profile's own variable opts out of its tool against an organisation's on",
  { skip },
  () =>
    inWorld(async (world) => {
      const setUp = `${says({ telemetry: "on" })}; ${profile()}`;
      const env = { ACME_TELEMETRY_OPTOUT: "1" };
      const { stdout, stderr } = await withOrganisation(world, setUp, "gs explain -- true", { env });
      assert.deepEqual(
        [stdout, stderr],
        ["[]\n", "gs-telemetry: nothing would be sent: opted out by ACME_TELEMETRY_OPTOUT\n"],
      );
    }),
);

const refusals: Readonly<Record<string, string>> = {
  "is empty": "echo >settings.json",
  "is no JSON": "echo off >settings.json",
  "has another choice": says({ telemetry: "maybe" }),
  "has an unknown key, which may be a misspelt one": says({ telemtry: "off" }),
  "has an endpoint that is no text": says({ telemetry: "on", endpoint: 1 }),
};

for (const [name, setUp] of Object.entries(refusals)) {
  test(
    `an organisation's settings file counts as off if it ${name}`,
    { skip },
    () =>
      inWorld(async (world) => {
        assert.deepEqual(await consent(world, setUp), [false, file, "is not understood"]);
      }),
  );
}

/** What is not root's alone, and what is said of it. */
const untrusted: readonly (readonly [setUp: string, path: string, reason: string])[] = [
  ["chmod o+w settings.json", file, "may be written by others than root"],
  ["chmod g+w settings.json", file, "may be written by others than root"],
  ["chown 1000 settings.json", file, "belongs to user 1000, not to root"],
  ["mv settings.json other; ln -s other settings.json", file, "is a symbolic link"],
  ["rm settings.json; mkdir settings.json", file, "is no file"],
  ["rm settings.json; mkfifo settings.json", file, "is no file"],
  ["chmod o+w .", "/etc/gs-telemetry", "may be written by others than root"],
  ["chmod 1777 .", "/etc/gs-telemetry", "may be written by others than root"],
  ["chown 1000 .", "/etc/gs-telemetry", "belongs to user 1000, not to root"],
  [
    "mv /etc/gs-telemetry /etc/other; ln -s other /etc/gs-telemetry",
    "/etc/gs-telemetry",
    "is a symbolic link",
  ],
];

for (const [change, path, reason] of untrusted) {
  test(
    `an organisation's settings are ignored, and status says why: ${change}`,
    { skip },
    () =>
      inWorld(async (world) => {
        const setUp = `${says({ telemetry: "off", endpoint: "https://evil.example/" })}; ${change}`;
        const { stdout } = await withOrganisation(world, setUp, "gs status --json");
        const { consent, endpoint, organisation } = JSON.parse(stdout);
        assert.equal(consent.given, true);
        assert.equal(endpoint, "https://nom.telemetrydeck.com/v2/");
        assert.deepEqual(organisation, { settingsFile: file, telemetry: null, ignored: [{ path, reason }] });
        const page = await withOrganisation(world, setUp, "gs status");
        assert.match(page.stdout, new RegExp(`^Ignored +${path} ${reason}$`, "m"));
      }),
  );
}

for (const change of ["chmod o+w profiles", "chown 1000 profiles", "chmod g+w profiles/acme.json"]) {
  test(
    `an organisation's profiles are ignored, and status says why: ${change}`,
    { skip },
    () =>
      inWorld(async (world) => {
        const setUp = `${profile()}; ${change}`;
        const { stdout } = await withOrganisation(world, setUp, "gs status --json; gs explain -- true");
        assert.match(
          stdout,
          /"path": "\/etc\/gs-telemetry\/profiles(\/acme\.json)?",\n +"reason": "(may|belongs) /,
        );
        assert.match(stdout, /^\[\]$/m);
      }),
  );
}

test(
  "an organisation's off deletes what waits, and enable says that it still holds",
  { skip },
  () =>
    inWorld(async (world) => {
      plantSignals(world, 2, "http://127.0.0.1:9/");
      const script = `gs run --app-id ${appID} -- echo done; gs enable`;
      const { stdout } = await withOrganisation(world, says({ telemetry: "off" }), script);
      assert.equal(
        stdout,
        `done\nTelemetry is switched on, but ${file} still switches it off for everyone on this machine.\n`,
      );
      assert.equal(existsSync(world.queue), false);
    }),
);

async function explain(world: World, setUp: string, words: string, env = {}): Promise<Result> {
  return await withOrganisation(world, setUp, `gs explain --human ${words}`, { env });
}

test(
  "an organisation's endpoint comes after an option and a variable, before the default",
  { skip },
  () =>
    inWorld(async (world) => {
      const setUp = says({ endpoint: "https://org.example/", namespace: "org" });
      const words = `--app-id ${appID} -- true`;
      const own = await explain(world, setUp, words);
      assert.match(own.stdout, /^To {2}https:\/\/org\.example\/v2\/namespace\/org\/$/m);
      assert.match(own.stdout, /From the organisation's settings, \/etc\/gs-telemetry\/settings\.json\./);
      const variable = await explain(world, setUp, words, { GS_TELEMETRY_ENDPOINT: "https://user.example/" });
      assert.match(variable.stdout, /^To {2}https:\/\/user\.example\/v2\/namespace\/org\/$/m);
      const option = await explain(world, setUp, `--endpoint https://option.example/ --namespace x ${words}`);
      assert.match(option.stdout, /^To {2}https:\/\/option\.example\/v2\/namespace\/x\/$/m);
    }),
);

test(
  "a wrong endpoint of an organisation is told by explain, and a run sends nothing",
  { skip },
  () =>
    inWorld(async (world) => {
      const setUp = says({ endpoint: "http://org.example/" });
      const wrong = await withOrganisation(world, setUp, `gs explain --app-id ${appID} -- true`);
      assert.equal(wrong.status, 1);
      assert.match(
        wrong.stderr,
        /^gs-telemetry: nothing would be sent: endpoint in \/etc\/gs-telemetry\/settings\.json is 'http/,
      );
      const status = await withOrganisation(world, setUp, "gs status --json");
      assert.match(
        JSON.parse(status.stdout).problems[0],
        /^endpoint in \/etc\/gs-telemetry\/settings\.json is 'http/,
      );
      const run = await withOrganisation(world, setUp, `gs run --app-id ${appID} -- echo done`);
      assert.deepEqual([run.stdout, run.stderr, world.queued()], ["done\n", "", []]);
    }),
);

test(
  "an organisation's profile comes before a user's that claims the same, also from the cache",
  { skip },
  () =>
    inWorld(async (world) => {
      const { endpoint } = await world.sink();
      writeUserProfile(world, { ...acme, displayName: "own" });
      const setUp = `${says({ endpoint })}; ${profile()}`;
      for (let run = 0; run < 2; run++) {
        await withOrganisation(world, setUp, "gs run --wait=20 -- true deploy");
        await world.couriersEnded();
      }
      const arrived = await (await world.sink()).waitFor(2);
      assert.deepEqual(arrived.map(({ payload }) => payload.command), ["acme deploy", "acme deploy"]);
      assert.ok(existsSync(join(world.state, "profiles.cache")));
      const asked = await explain(world, setUp, "--profile acme -- true deploy");
      assert.match(asked.stdout, /^command {2}acme deploy$/m);
    }),
);

test("an organisation's on spares the notice", { skip: skip || noTerminal }, () =>
  inWorld(async (world) => {
    const { endpoint } = await world.sink();
    const run = `gs run --app-id ${appID} --endpoint ${endpoint} -- echo done`;
    const env = { GS_TELEMETRY_NO_NOTICE: undefined, TERM: "xterm", SHELL: "/bin/bash" };
    const script = `export -f gs; script -qec '${run}' /dev/null`;
    const spared = await withOrganisation(world, says({ telemetry: "on" }), script, { env });
    assert.equal(spared.stdout, "done\r\n");
    await (await world.sink()).waitFor(1);
    assert.match(await inTerminal(world, run), /sends anonymous usage signals/);
  }));

test("if nothing is set up, a run makes one system call to see that", {
  skip: skip || (isInstalled("strace") ? false : "strace is not installed"),
}, () =>
  inWorld(async (world) => {
    // Under another name it looks for a tool to stand in front of, and for profiles twice.
    const own = join(world.bin, "gs-telemetry");
    symlinkSync(program[0], own);
    const words = [
      ...(program.length === 1 ? [own] : program),
      "run",
      "--app-id",
      appID,
      "--endpoint",
      "http://127.0.0.1:9/",
      "--",
      "true",
    ];
    const script = `strace -qq -o trace ${words.join(" ")}; grep '"/etc/gs-telemetry' trace`;
    const { stdout } = await withOrganisation(world, "rm -r /etc/gs-telemetry", script);
    assert.match(stdout, /^\w+\(.*"\/etc\/gs-telemetry".*ENOENT.*\n$/);
  }));

test("an organisation's off holds in a user namespace, where root's files look like somebody else's", {
  skip,
}, () =>
  inWorld(async (world) => {
    const { stdout } = await withOrganisation(
      world,
      says({ telemetry: "off" }),
      "export -f gs; unshare --user bash -c 'gs status --json'",
    );
    const { given, decidedBy, fault } = JSON.parse(stdout).consent;
    assert.deepEqual([given, decidedBy, fault], [false, "/etc/gs-telemetry", "may not be read"]);
  }));
