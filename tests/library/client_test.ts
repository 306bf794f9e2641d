import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inProject, opening, type Project } from "../helpers/project.ts";
import { appID, gathering } from "../helpers/harness.ts";
import { root } from "../../scripts/toolchains.ts";

const login = `${opening()} console.log(telemetry.signal("acme login"));`;

async function assertNothingArrives({ world, sink }: Project): Promise<void> {
  await world.couriersEnded();
  assert.deepEqual([world.queued(), sink.arrived()], [[], []]);
}

test("a signal arrives with what the tool has said of itself, and nothing else", () =>
  inProject(async ({ world, sink, run }) => {
    const { stdout, stderr, status } = await run(login);
    assert.deepEqual([stdout, stderr, status], ["true\n", "", 0]);
    const [{ receivedAt, clientUser, sessionID, payload, ...signal }] = await sink.waitFor(1);
    assert.ok(receivedAt, "the time of arrival is the sink's");
    assert.match(clientUser, /^[0-9a-f]{64}$/);
    assert.match(sessionID, /^[0-9a-f-]{36}$/);
    assert.deepEqual(signal, {
      appID,
      isTestMode: false,
      type: "Command.run",
    });
    const { "TelemetryDeck.SDK.nameAndVersion": sdk, ...rest } = payload;
    assert.match(sdk, /^gs-telemetry\/\d/);
    assert.deepEqual(Object.keys(rest).sort(), [
      "TelemetryDeck.AppInfo.version",
      "TelemetryDeck.Device.architecture",
      "TelemetryDeck.Device.operatingSystem",
      "appVersion",
      "command",
    ]);
    assert.deepEqual([rest.command, rest.appVersion], ["acme login", "1.4.0"]);
    await world.couriersEnded();
  }));

const rounds = "Bun" in globalThis ? 20 : 6;
const atATime = 10;
const programs = rounds * atATime;

test(`no signal is lost when ${programs} programs end at once`, () =>
  inProject(async ({ world, sink, write, env }) => {
    const words = write(`${opening()} telemetry.signal("acme login"); process.kill(process.pid, "SIGKILL");`);
    const own = { ...env, GS_TELEMETRY_LIMITS: gathering };
    for (let round = 0; round < rounds; round++) {
      const runs = Array.from({ length: atATime }, () => world.execute(words, { env: own }));
      for (const { signal } of await Promise.all(runs)) assert.equal(signal, "SIGKILL");
    }
    const arrived = await sink.waitFor(programs);
    const sessions = new Set(arrived.map(({ sessionID }) => sessionID));
    assert.deepEqual([arrived.length, sessions.size], [programs, programs]);
    await world.couriersEnded();
    assert.deepEqual(world.queued(), []);
  }));

test("signals of one process are of one session", () =>
  inProject(async ({ sink, run }) => {
    await run(`${opening()} telemetry.signal("acme login"); telemetry.signal("acme cluster create");`);
    const [one, other] = await sink.waitFor(2);
    assert.equal(one.sessionID, other.sessionID);
  }));

test("a name that is none of the tool's commands is not recorded", () =>
  inProject(async (project) => {
    const { stdout } = await project.run(
      `${opening()} console.log(telemetry.signal("acme login my-cluster"), telemetry.signal(undefined));`,
    );
    assert.equal(stdout, "false false\n");
    await assertNothingArrives(project);
  }));

for (const variable of ["GS_TELEMETRY_OPTOUT", "DO_NOT_TRACK", "ACME_OPTOUT"]) {
  test(`nothing is recorded when ${variable} is set`, () =>
    inProject(async (project) => {
      const { stdout } = await project.run(
        `${opening('optOutVariable: "ACME_OPTOUT"')}
        console.log(JSON.stringify(telemetry.consent), telemetry.signal("acme login"));`,
        { env: { [variable]: "1" } },
      );
      assert.equal(stdout, `{"given":false,"decidedBy":"${variable}"} false\n`);
      await assertNothingArrives(project);
    }));
}

test("a user who opts out is obeyed by every tool until they opt in", () =>
  inProject(async (project) => {
    const { run, sink } = project;
    await run(`${opening("courier: false")} telemetry.signal("acme login");`);
    const optOut = await run(
      `${opening()} console.log(JSON.stringify([library.optOut(), library.readConsent()]));`,
    );
    const [kept, { given }] = JSON.parse(optOut.stdout);
    assert.deepEqual([kept, given], [{ isNew: true, deleted: 1 }, false]);
    assert.equal((await run(login)).stdout, "false\n");
    await assertNothingArrives(project);
    await run(`${opening()} library.optIn();`);
    assert.equal((await run(login)).stdout, "true\n");
    await sink.waitFor(1);
  }));

test("a running program obeys a user who opts out meanwhile", () =>
  inProject(async (project) => {
    const { stdout } = await project.run(
      `${opening("courier: false")} library.optOut(); console.log(telemetry.signal("acme login"));`,
    );
    assert.equal(stdout, "false\n");
    await assertNothingArrives(project);
  }));

test("wrong options are told to the tool's author", () =>
  inProject(async ({ run }) => {
    const wrong = {
      'appID: "acme"': "appID is 'acme' but should be a UUID, such as 4539763B-A291-4835-B832-9BEB80CA7039",
      "appID: undefined": "appID is '' but should be a UUID, such as 4539763B-A291-4835-B832-9BEB80CA7039",
      "tool: undefined": "tool is '' but should be a text that is not empty",
      "commands: []": "commands is empty but should name the tool's commands",
      'endpoint: "http://example.org/"':
        "endpoint is 'http://example.org/' but should be an https URL, or an http URL of this machine, without a password or a query",
    };
    for (const [options, message] of Object.entries(wrong)) {
      const { status, stderr } = await run(opening(options));
      assert.equal(status, 1);
      assert.ok(stderr.includes(`UsageError: ${message}`), stderr);
    }
  }));

test("a wrong variable of the user's switches telemetry off and harms nothing", () =>
  inProject(async (project) => {
    const { stdout, stderr } = await project.run(login, { env: { GS_TELEMETRY_ENDPOINT: "nonsense" } });
    assert.deepEqual([stdout, stderr], ["false\n", ""]);
    await assertNothingArrives(project);
  }));

test("a program is unharmed when nothing can be written", () =>
  inProject(async ({ world, run }) => {
    mkdirSync(join(world.home, ".local"));
    writeFileSync(join(world.home, ".local/state"), "a file");
    const { stdout, stderr, status } = await run(login);
    assert.deepEqual([stdout, stderr, status], ["false\n", "", 0]);
  }));

test("signals wait for a flush in process when no courier is wanted", () =>
  inProject(async ({ world, sink, run }) => {
    await run(`${opening("courier: false")} telemetry.signal("acme login");`);
    assert.equal(world.queued().length, 1);
    assert.deepEqual(world.couriers(), []);
    const { stdout } = await run(
      `${opening()} console.log(JSON.stringify([await library.flush(), await library.flush()]));`,
    );
    assert.deepEqual(JSON.parse(stdout), [
      { outcome: "delivered", waiting: 0 },
      { outcome: "empty", waiting: 0 },
    ]);
    assert.equal(sink.arrived().length, 1);
  }));

test("a flush that is given little time delivers what it can", () =>
  inProject(async ({ sink, run }) => {
    const { stdout } = await run(
      `${opening("courier: false")} telemetry.signal("acme login");
      console.log((await library.flush({ timeout: 9_000.5 })).outcome);`,
    );
    assert.deepEqual([stdout, sink.arrived().length], ["delivered\n", 1]);
  }));

test("a flush refuses a time that is no number, and blames no server for it", () =>
  inProject(async ({ run }) => {
    const { stdout } = await run(
      `${opening("courier: false")} telemetry.signal("acme login");
      await library.flush({ timeout: Number("soon") }).catch((error) => console.log(String(error)));
      console.log((await library.flush()).outcome);`,
    );
    assert.equal(stdout, "UsageError: timeout is 'NaN' but should be a number of milliseconds\ndelivered\n");
  }));

test("a flush tells what still waits, and why", () =>
  inProject(async ({ run }) => {
    const { stdout } = await run(
      `${opening("courier: false")} telemetry.signal("acme login");
      console.log(JSON.stringify(await library.flush({ timeout: 60000 })));`,
      { env: { GS_TELEMETRY_ENDPOINT: "http://127.0.0.1:1/" } },
    );
    const { outcome, waiting, reason } = JSON.parse(stdout);
    assert.deepEqual([outcome, waiting], ["waiting", 1]);
    assert.ok(reason.length > 0);
  }));

test("a flush ends where nothing can lock the queue", () =>
  inProject(async ({ run }) => {
    const { stdout } = await run(
      `${opening("courier: false")} telemetry.signal("acme login");
      process.env.PATH = "/nowhere"; // Node.js locks by a tool
      console.log(JSON.stringify([await library.flush(), "Deno" in globalThis || "Bun" in globalThis]));`,
    );
    const [result, hasLocks] = JSON.parse(stdout);
    const waiting = { outcome: "waiting", waiting: 1, reason: "its directory cannot be locked" };
    assert.deepEqual(result, hasLocks ? { outcome: "delivered", waiting: 0 } : waiting);
  }));

test("a program may be its own courier", () =>
  inProject(async ({ world, sink, write, env }) => {
    const words = write(`
      import { createTelemetry, runCourier } from "@giantswarm/gs-telemetry";
      import { writeFileSync } from "node:fs";
      import process from "node:process";
      const words = JSON.parse(process.env.WORDS);
      if (process.argv.includes("deliver")) {
        writeFileSync(process.env.HOME + "/delivering", "");
        await runCourier();
        process.exit();
      }
      const telemetry = await createTelemetry({
        appID: "${appID}",
        tool: "acme",
        commands: ["acme"],
        courier: [...words, "deliver"],
      });
      telemetry.signal("acme");
    `);
    await world.execute(words, { env: { ...env, WORDS: JSON.stringify(words) } });
    await sink.waitFor(1);
    assert.ok(existsSync(join(world.home, "delivering")));
  }));

// For CommonJS, bundlers leave a module no address.
for (const [kind, define] of [["module", []], ["script", ["--define=import.meta.url=undefined"]]] as const) {
  test(`a program bundled into one ${kind} records and wraps, and starts no courier that is not there`, () =>
    inProject(async ({ world, run }) => {
      const bun = join(root, "node_modules/.bin/bun");
      const bundle = join(world.home, "project/bundle.mjs");
      execFileSync(bun, ["build", "--target=node", `--outfile=${bundle}`, ...define, join(root, "mod.ts")]);
      const code = `${opening()}
        console.log(telemetry.signal("acme login"));
        console.log(await library.wrap("true", [], { appID: "${appID}" }));`;
      const { stdout, stderr } = await run(code.replace("@giantswarm/gs-telemetry", "./bundle.mjs"), {
        env: { GS_TELEMETRY_DEBUG: "1" },
      });
      assert.equal(stdout, "true\n0\n");
      assert.equal(
        stderr.match(/it waits for a flush or for a run that delivers, such as one with --wait$/gm)?.length,
        2,
        stderr,
      );
      assert.deepEqual([world.queued().length, world.couriers()], [2, []]);
    }));
}

test("a tool that gs-telemetry wraps is counted once", () =>
  inProject(async (project) => {
    const { stdout } = await project.run(
      `${opening('optOutVariable: "ACME_OPTOUT"')}
      console.log(telemetry.consent.given, telemetry.signal("acme login"));`,
      {
        env: { ACME_OPTOUT: "1", GS_TELEMETRY_COUNTED: "ACME_OPTOUT" },
      },
    );
    assert.equal(stdout, "true false\n");
    await assertNothingArrives(project);
  }));

test("a preview is the signal that arrives", () =>
  inProject(async ({ sink, run }) => {
    const { stdout } = await run(
      `${opening()} telemetry.signal("acme login"); console.log(JSON.stringify(telemetry.preview("acme login")));`,
    );
    const [{ receivedAt, ...signal }] = await sink.waitFor(1);
    assert.ok(receivedAt, "the time of arrival is the sink's");
    assert.deepEqual(signal, JSON.parse(stdout));
  }));

test("of a user who is opted out nothing is read, so that there is nothing to show", () =>
  inProject(async ({ run }) => {
    const { stdout } = await run(
      `${opening()} try { telemetry.preview("acme login"); } catch ({ message }) { console.log(message); }`,
      { env: { DO_NOT_TRACK: "1" } },
    );
    assert.equal(stdout, "opted out by DO_NOT_TRACK\n");
  }));
