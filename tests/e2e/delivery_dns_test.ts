import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { appID, inWorld, program, type Result, Sink, until, type World } from "../helpers/harness.ts";
import { hasOpenssl, makeCertificate } from "../helpers/certificate.ts";
import {
  fixture,
  NameServer,
  type NameServerBehaviour,
  skipNameServer as skip,
} from "../helpers/name_server.ts";
import { command, done, environment } from "../helpers/delivery.ts";

// One answers for a name, the other does not.
const loopback = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
const lost = [0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
// See `NameServer`, in milliseconds.
const lookupTime = 30_000;
const skipServer = hasOpenssl ? skip : "needs openssl";

const endpoint = "https://telemetry.test/v2/";

async function withNames(
  behaviour: NameServerBehaviour,
  act: (world: World, names: NameServer) => Promise<void>,
): Promise<void> {
  await inWorld(async (world) => {
    const names = await NameServer.start(world, behaviour);
    try {
      await act(world, names);
    } finally {
      await names.stop();
    }
  });
}

function execute(
  world: World,
  { prefix }: Pick<NameServer, "prefix">,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Result> {
  return world.execute([...prefix, ...program, ...args], { env: { GS_TELEMETRY_APP_ID: appID, ...env } });
}

/** The next command neither starts a courier nor asks for a name. */
async function assertLeftAlone(world: World, names: NameServer, env: Record<string, string>): Promise<void> {
  await world.couriersEnded();
  const { backoffs } = JSON.parse(readFileSync(join(world.state, "delivery.json"), "utf8"));
  assert.deepEqual(Object.keys(backoffs), [new URL(endpoint).origin]);
  const asked = names.questions.length;
  assert.ok(asked > 0);
  assert.deepEqual(await execute(world, names, ["run", "--", ...command], env), done);
  // One run in 256 starts a courier all the same, to tidy the queue; that one asks for no name either.
  const isTidied = world.queued().some((name) => name.endsWith("00.json"));
  if (!isTidied) assert.deepEqual(world.couriers(), []);
  await world.couriersEnded();
  assert.equal(names.questions.length, asked);
  assert.equal(world.queued().length, 2);
}

test(
  "a name server that never answers holds no command up and is left alone",
  { skip },
  () =>
    withNames({}, async (world, names) => {
      const limits = JSON.stringify({ patience: 0, firstPause: 0, timeout: 2_000 });
      const env = { GS_TELEMETRY_ENDPOINT: endpoint, GS_TELEMETRY_LIMITS: limits };
      assert.deepEqual(await execute(world, names, ["run", "--", ...command], env), done);
      await until(() => names.questions.length > 0, "the courier's question");
      assert.equal(world.couriers().length, 1);
      await assertLeftAlone(world, names, env);
      const start = performance.now();
      const endless = { GS_TELEMETRY_LIMITS: JSON.stringify({ timeout: 3_600_000 }) };
      const flushed = await execute(world, names, ["flush", "--timeout", "1"], endless);
      assert.ok(performance.now() - start < lookupTime, "it did not wait for the lookup's own end");
      assert.equal(flushed.status, 1);
      assert.match(flushed.stdout, /^2 signals wait: /);
      assert.equal(world.queued().length, 2);
    }),
);

test(
  "a name server that fails loses no signal and is left alone",
  { skip },
  () =>
    withNames({ delay: 0, code: 2 }, async (world, names) => {
      const env = { GS_TELEMETRY_ENDPOINT: endpoint };
      assert.deepEqual(await execute(world, names, ["run", "--", ...command], env), done);
      await until(() => names.questions.length > 0, "the courier's question");
      await assertLeftAlone(world, names, env);
    }),
);

test(
  "a name server that answers late loses no signal",
  { skip },
  () => withNames({ delay: 1_000, a: [127, 0, 0, 1] }, (world, names) => deliver(world, names, "127.0.0.1")),
);

test("a host whose IPv6 address refuses gets signals by IPv4", { skip: skipServer }, () => {
  const behaviour = { delay: 0, a: [127, 0, 0, 1], aaaa: loopback };
  return withNames(behaviour, (world, names) => deliver(world, names, "127.0.0.1"));
});

test("a host whose IPv6 address loses packets gets signals by IPv4", { skip: skipServer }, () => {
  const behaviour = { delay: 0, a: [127, 0, 0, 1], aaaa: lost };
  return withNames(behaviour, (world, names) => deliver(world, names, "127.0.0.1"));
});

test("a host whose IPv4 address loses packets gets signals by IPv6", { skip: skipServer }, () => {
  const behaviour = { delay: 0, a: [10, 0, 0, 2], aaaa: loopback };
  return withNames(behaviour, (world, names) => deliver(world, names, "::1"));
});

/** Sends a signal to a server that listens on one address of its name. */
async function deliver(world: World, { prefix, questions }: NameServer, address: string): Promise<void> {
  const { key, certificate, authority } = makeCertificate(world, "telemetry.test");
  const [program, ...args] = [...prefix, ...fixture("tls_sink.ts", key, certificate, address)];
  const server = spawn(program, args, { env: world.environment(), stdio: ["ignore", "pipe", "inherit"] });
  let told = "";
  server.stdout.on("data", (chunk) => told += chunk);
  try {
    await until(() => told.startsWith("ready\n"), "the server");
    // Bun reads the first, Deno the second.
    const trust = { NODE_EXTRA_CA_CERTS: authority, DENO_CERT: authority };
    const env = { GS_TELEMETRY_ENDPOINT: endpoint, ...trust };
    assert.deepEqual(await execute(world, { prefix }, ["run", "--", ...command], env), done);
    await world.couriersEnded();
    assert.ok(questions.includes("telemetry.test"));
    assert.equal(told.trim().split("\n").length, 2, "one request");
    assert.deepEqual(world.queued(), []);
  } finally {
    server.kill("SIGKILL");
  }
}

const hasIPv6 = Object.values(networkInterfaces()).flat().some((one) => one?.address === "::1");

test(
  "signals go to an IPv6 address",
  { skip: hasIPv6 ? false : "needs IPv6 on loopback" },
  () =>
    inWorld(async (world) => {
      const sink = await Sink.start(world, "[::1]:0");
      try {
        assert.match(sink.endpoint, /^http:\/\/\[::1\]:\d+\/v2\/$/);
        const env = environment(sink);
        assert.deepEqual(await world.run(["run", "--", ...command], { env }), done);
        await sink.waitFor(1);
      } finally {
        await sink.stop();
      }
    }),
);
