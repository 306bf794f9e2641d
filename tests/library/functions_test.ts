import assert from "node:assert/strict";
import { test } from "node:test";
import { inProject, opening } from "../helpers/project.ts";
import { appID } from "../helpers/harness.ts";

test("userHash() is the hash that the program sends", () =>
  inProject(async ({ world, run }) => {
    const { stdout } = await run(`
      import { userHash } from "@giantswarm/gs-telemetry";
      console.log(await userHash(), await userHash("machine"));
    `);
    const [hash, machineHash] = stdout.trim().split(" ");
    const status = await world.run(["status", "--json"]);
    assert.equal(hash, JSON.parse(status.stdout).clientUser);
    assert.match(machineHash, /^[0-9a-f]{64}$/);
  }));

test("wrap() gives the status of the command and records it as run does", () =>
  inProject(async ({ world, sink, run }) => {
    const { stdout, stderr } = await run(
      `
      import { wrap } from "@giantswarm/gs-telemetry";
      const options = { appID: "${appID}" };
      const statuses = [
        await wrap("kubectl", ["gs", "login", "my-cluster"], options),
        await wrap("sh", ["-c", "exit 3"], options),
        await wrap("sh", ["-c", "kill -TERM $$"], options),
        await wrap("no-such-command", [], options),
        await wrap("/", [], options),
      ];
      console.log(statuses.join(" "), process.env.KUBECTL_GS_TELEMETRY_OPTOUT);
    `,
      { env: { DO_NOT_TRACK: "" } },
    );
    assert.match(stdout, /^kubectl-gs \(stand-in\): login my-cluster\n/);
    assert.match(stdout, /\n42 3 143 127 126 undefined\n$/);
    assert.match(stderr, /no-such-command.*\n.*\/.*\n$/);
    const arrived = await sink.waitFor(3);
    const commands = arrived.map(({ payload }) => payload.command);
    assert.ok(commands.includes("kubectl gs login"), commands.join());
    assert.equal(commands.filter((name) => name === "sh").length, 2);
    await world.couriersEnded();
  }));

test("wrap() passes on an argument with a replacement character", () =>
  inProject(async ({ run }) => {
    const { stdout } = await run(`
      import { wrap } from "@giantswarm/gs-telemetry";
      await wrap("echo", ["a\u{FFFD}b"], { courier: false });
    `);
    assert.equal(stdout, "a\u{FFFD}b\n");
  }));

test("wrap() refuses a wrong option before the command runs", () =>
  inProject(async ({ run }) => {
    const { stdout } = await run(`
      import { UsageError, wrap } from "@giantswarm/gs-telemetry";
      await wrap("echo", ["ran"], { wait: -1 }).catch((error) =>
        console.log(error instanceof UsageError, error.message)
      );
    `);
    assert.equal(stdout, "true wait is '-1' but should be a number of seconds, such as 5\n");
  }));

test("wrap() refuses a word with a null byte, which would be cut off there", () =>
  inProject(async ({ run }) => {
    const { stdout } = await run(`
      import { wrap } from "@giantswarm/gs-telemetry";
      for (const words of [["echo\\0-checked"], ["echo", ["a\\0b"]]]) {
        await wrap(...words).catch((error) => console.log(String(error)));
      }
    `);
    assert.equal(stdout, "UsageError: a word of the command has a null byte\n".repeat(2));
  }));

test("createSink() keeps what arrives and tells what is wrong", () =>
  inProject(async ({ run }) => {
    const { stdout } = await run(`${opening("courier: false")}
      const sink = await library.createSink();
      process.env.GS_TELEMETRY_ENDPOINT = sink.endpoint;
      const own = await library.createTelemetry({
        appID: "${appID}", tool: "acme", commands: ["acme"], courier: false,
      });
      own.signal("acme");
      await library.flush();
      const [{ payload }] = await sink.waitFor(1);
      const refused = await fetch(sink.endpoint, {
        method: "POST", body: "[{}]", headers: { "content-type": "application/json" },
      });
      await sink.stop();
      console.log(payload.command, refused.status, sink.refusals.length, sink.signals.length);
    `);
    assert.equal(stdout, "acme 400 1 1\n");
  }));

test("commandName() gives names that commandNames() lists, or nothing", () =>
  inProject(async ({ run }) => {
    const { stdout } = await run(`
      import { builtInProfiles, commandName, commandNames } from "@giantswarm/gs-telemetry";
      const [profile] = builtInProfiles;
      const name = commandName(profile, ["get", "cluster", "my-cluster", "--output", "json"]);
      console.log(name, commandNames(profile).includes(name), commandName(profile, ["login", "--help"]));
    `);
    assert.equal(stdout, "kubectl gs get clusters true undefined\n");
  }));
