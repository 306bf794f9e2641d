import assert from "node:assert/strict";
import { createServer } from "node:net";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { appID, gathering, inWorld, nowhere, otherAppID } from "../helpers/harness.ts";
import { environment } from "../helpers/delivery.ts";

test("run shows the plugin's output, exits with its status and sends one signal", () =>
  inWorld(async (world) => {
    const command = ["kubectl", "gs", "login", "my-cluster", "--token", "SECRET"];
    const direct = await world.execute(command, { env: { KUBECTL_GS_TELEMETRY_OPTOUT: "1" } });
    const wrapped = await world.runToSink(["run", "--", ...command]);
    assert.deepEqual(wrapped, direct);
    assert.equal(wrapped.status, 42);
    assert.match(wrapped.stdout, /login my-cluster --token SECRET/);
    const sink = await world.sink();
    const [signal] = await sink.waitFor(1);
    await world.couriersEnded();
    assert.equal(sink.arrived().length, 1);
    assert.match(signal.clientUser, /^[0-9a-f]{64}$/);
    assert.match(signal.sessionID, /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
    assert.match(signal.receivedAt, /^\d{4}-\d\d-\d\dT\d\d:00:00\.000Z$/);
    delete signal.clientUser;
    delete signal.sessionID;
    delete signal.receivedAt;
    assert.deepEqual(signal, {
      appID,
      isTestMode: false,
      type: "GiantSwarm.command",
      payload: {
        "TelemetryDeck.Device.architecture": process.arch === "x64" ? "amd64" : process.arch,
        "TelemetryDeck.Device.operatingSystem": process.platform,
        "TelemetryDeck.SDK.nameAndVersion": "gs-telemetry/0.1.0",
        command: "kubectl gs login",
      },
    });
    assert.deepEqual(world.queued(), []);
  }));

test("run sends the signal that explain prints", () =>
  inWorld(async (world) => {
    const options = ["--session", otherAppID, "--tool-version", "1.2.3", "--test-mode"];
    const explained = await world.run(["explain", ...options, "--", "kubectl", "gs", "get", "cluster"]);
    assert.equal(explained.stderr, "");
    assert.equal(explained.status, 0);
    await world.runToSink(["run", ...options, "--", "kubectl", "gs", "get", "cluster"]);
    const [{ receivedAt, ...signal }] = await (await world.sink()).waitFor(1);
    assert.ok(receivedAt, "the time of arrival is the sink's");
    assert.deepEqual(JSON.parse(explained.stdout), [signal]);
  }));

test("explain writes nothing and runs nothing", () =>
  inWorld(async (world) => {
    const before = readdirSync(world.home);
    const result = await world.run(["explain", "--app-id", appID, "--", "touch", "made"]);
    assert.equal(JSON.parse(result.stdout)[0].payload.command, "touch");
    assert.deepEqual(readdirSync(world.home), before);
  }));

test("explain prints an empty array and the reason when nothing would be sent", () =>
  inWorld(async (world) => {
    const cases: [args: string[], env: Record<string, string>, reason: RegExp][] = [
      [["kubectl", "gs", "login", "--help"], {}, /--help is not counted/],
      [["kubectl", "gs", "completion", "bash"], {}, /'completion' is not counted/],
      [["kubectl", "gs", "--version"], {}, /--version is not counted/],
      [["true"], {}, /no app ID is known/],
      [["true", "-h"], { GS_TELEMETRY_APP_ID: appID }, /help is not counted/],
      [["kubectl", "gs", "login"], { DO_NOT_TRACK: "1" }, /opted out by DO_NOT_TRACK/],
    ];
    for (const [command, env, reason] of cases) {
      const result = await world.run(["explain", "--", ...command], { env });
      assert.equal(result.stdout, "[]\n");
      assert.match(result.stderr, reason);
      assert.equal(result.status, 0);
    }
  }));

test("a command that ends at once delivers its signal", () =>
  inWorld(async (world) => {
    await world.runToSink(["run", "--app-id", appID, "--", "true"]);
    const [signal] = await (await world.sink()).waitFor(1);
    assert.equal(signal.payload.command, "true");
  }));

test("a command does not wait for a server that never answers", () =>
  inWorld(async (world) => {
    const sockets = new Set<{ destroy(): void }>();
    const server = createServer((socket) => void sockets.add(socket.on("error", () => {})));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const connected = new Promise((resolve) => server.once("connection", resolve));
    const env = { GS_TELEMETRY_APP_ID: appID, GS_TELEMETRY_ENDPOINT: `http://127.0.0.1:${port}/` };
    const result = await world.run(["run", "--", "echo", "done"], { env });
    assert.equal(result.stdout, "done\n");
    await connected;
    assert.equal(world.couriers().length, 1, "the courier still waits for an answer");
    assert.equal(world.queued().length, 1, "the signal is kept while it is not acknowledged");
    sockets.forEach((socket) => socket.destroy());
    server.close();
    await world.couriersEnded();
    assert.equal(world.queued().length, 1, "and after the request has failed");
  }));

test("signals that could not be delivered go out with the next one", () =>
  inWorld(async (world) => {
    const closed = { GS_TELEMETRY_APP_ID: appID, GS_TELEMETRY_ENDPOINT: nowhere };
    const { endpoint } = await world.sink();
    await world.run(["run", "--", "true"], { env: closed });
    await world.couriersEnded();
    assert.equal(world.queued().length, 1);
    const moved = await world.execute([
      "sed",
      "-i",
      `s|http://127.0.0.1:9/v2/|${endpoint}|`,
      `queue/${world.queued()[0]}`,
    ], {
      cwd: world.state,
    });
    assert.equal(moved.status, 0);
    await world.runToSink(["run", "--app-id", appID, "--", "false"]);
    const signals = await (await world.sink()).waitFor(2);
    assert.deepEqual(signals.map(({ payload }) => payload.command), ["true", "false"]);
    await world.couriersEnded();
    assert.deepEqual(world.queued(), []);
  }));

test("commands in a row arrive once each, in few requests", () =>
  inWorld(async (world) => {
    const { endpoint } = await world.sink();
    const env = { ...environment({ endpoint }), GS_TELEMETRY_LIMITS: gathering };
    const result = await world.bash("for i in {1..30}; do gs run -- true || exit; done", { env });
    assert.deepEqual(result, { status: 0, signal: null, stdout: "", stderr: "" });
    const signals = await (await world.sink()).waitFor(30);
    await world.couriersEnded();
    assert.equal(new Set(signals.map(({ sessionID }) => sessionID)).size, 30);
    assert.equal((await world.sink()).arrived().length, 30);
  }));

test("commands at the same time arrive once each", () =>
  inWorld(async (world) => {
    const { endpoint } = await world.sink();
    const env = { ...environment({ endpoint }), GS_TELEMETRY_LIMITS: gathering };
    const result = await world.bash("for i in {1..20}; do gs run -- true & done; wait", { env });
    assert.equal(result.stderr, "");
    await (await world.sink()).waitFor(20);
    await world.couriersEnded();
    assert.equal((await world.sink()).arrived().length, 20);
  }));

test("options win over variables, variables over the profile", () =>
  inWorld(async (world) => {
    const variables = {
      GS_TELEMETRY_APP_ID: otherAppID,
      GS_TELEMETRY_SESSION: otherAppID,
      GS_TELEMETRY_TEST_MODE: "1",
    };
    const explain = async (args: string[], env = {}) => {
      const { stdout } = await world.run(["explain", ...args, "kubectl", "gs", "login"], { env });
      return JSON.parse(stdout)[0];
    };
    assert.equal((await explain([])).appID, appID);
    const byVariable = await explain([], variables);
    assert.equal(byVariable.appID, otherAppID);
    assert.equal(byVariable.sessionID, otherAppID);
    assert.equal(byVariable.isTestMode, true);
    const byOption = await explain(
      [`--app-id=${appID}`, "--signal-type", "Acme.command", "--name", "acme"],
      variables,
    );
    assert.equal(byOption.appID, appID);
    assert.equal(byOption.type, "Acme.command");
    assert.equal(byOption.payload.command, "acme login");
    assert.equal((await explain([], { KUBECTL_GS_TELEMETRY_TESTMODE: "1" })).isTestMode, true);
  }));

test("the namespace is a part of the address", () =>
  inWorld(async (world) => {
    await world.runToSink(["run", "--app-id", appID, "--namespace", "acme", "--", "true"]);
    await (await world.sink()).waitFor(1);
  }));
