import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Answer, FaultServer, ok, type Script } from "../helpers/fault_server.ts";
import { inWorld, nowhere, until, type World } from "../helpers/harness.ts";
import { environment, tell } from "../helpers/delivery.ts";

const made = 5;

/** The times of delivery, shortened; what happens stays the same. */
const quick = {
  firstPause: 50,
  longestPause: 200,
  firstBackoff: 100,
  longestBackoff: 200,
  patience: 20_000,
};

/** Only where an answer does not come in time: on a busy machine it may take a good one long. */
const timeout = 2_000;
const lateness = 2_500;

interface Outcome {
  readonly server: FaultServer;
  readonly rejected: number;
}

/** Runs some commands against a server and waits until delivery has come to its end. */
async function deliver(fault: string, script: Script, limits = {}): Promise<Outcome> {
  const server = await FaultServer.start(script);
  server.lateness = lateness;
  let rejected = 0;
  try {
    await inWorld(async (world) => {
      await runCommands(world, server, limits);
      await until(() => world.queued().length === 0, `delivery after ${fault}`);
      await world.couriersEnded();
      rejected = countRejected(world);
    });
    tell(fault, made, server, rejected);
    return { server, rejected };
  } finally {
    await server.stop();
  }
}

async function runCommands(world: World, server: FaultServer, limits = {}): Promise<void> {
  const env = { ...environment(server), GS_TELEMETRY_LIMITS: JSON.stringify({ ...quick, ...limits }) };
  for (let index = 0; index < made; index++) {
    const result = await world.run(["run", "--", "sh", "-c", "echo out; echo err >&2; exit 7"], { env });
    assert.deepEqual(result, { status: 7, signal: null, stdout: "out\n", stderr: "err\n" });
  }
}

function countRejected(world: World): number {
  try {
    return readdirSync(join(world.state, "rejected")).length;
  } catch {
    return 0;
  }
}

/** Answers the first requests so, and takes the rest. */
function firstly(answer: Answer, count = 2): Script {
  return (index) => index < count ? answer : ok;
}

const passing: [string, Answer][] = [
  ["no fault", ok],
  ["429", { status: 429 }],
  ["429 with Retry-After", { status: 429, headers: { "retry-after": "1" } }],
  ["500", { status: 500 }],
  ["502", { status: 502 }],
  ["503", { status: 503 }],
  ["408", { status: 408 }],
  ["301", { status: 301, headers: { location: nowhere } }],
  ["307", { status: 307, headers: { location: nowhere } }],
  ["304", { status: 304 }],
  ["garbage", "garbage"],
  ["no answer", "nothing"],
  ["reset before the body", "reset before the body"],
  ["reset in the body", "reset in the body"],
];

for (const [fault, answer] of passing) {
  test(`every signal arrives once when the server answers with ${fault} for a while`, async () => {
    const { server, rejected } = await deliver(
      fault,
      firstly(answer),
      answer === "nothing" ? { timeout } : {},
    );
    assert.equal(server.distinct, made);
    assert.equal(server.twice, 0);
    assert.equal(rejected, 0);
  });
}

for (const fault of ["reset after the body", "late"] as const) {
  test(`a signal counts twice only when its answer is lost: ${fault}`, async () => {
    const lost: number[] = [];
    const { server } = await deliver(fault, (index, signals) => {
      if (index >= 2) return ok;
      lost.push(signals.length);
      return fault;
    }, fault === "late" ? { timeout } : {});
    assert.equal(server.distinct, made);
    assert.ok(server.twice <= lost.reduce((sum, count) => sum + count), "more came twice than were lost");
  });
}

for (const status of [400, 401, 403, 404, 413, 422, 501, 505]) {
  test(`one bad signal is set aside and the others arrive when the server answers ${status}`, async () => {
    let bad: string | undefined;
    const { server, rejected } = await deliver(`${status} for one signal`, (_, signals) => {
      bad ??= signals[0]?.sessionID;
      return signals.some(({ sessionID }) => sessionID === bad) ? { status } : ok;
    });
    assert.equal(server.distinct, made - 1);
    assert.equal(server.twice, 0);
    assert.equal(rejected, 1);
  });
}

test("signals are set aside when the server refuses all of them", async () => {
  const { server, rejected } = await deliver("400 for all", () => ({ status: 400 }));
  assert.equal(server.distinct, 0);
  assert.equal(rejected, made);
  assert.ok(server.connections <= 2 * made);
});

test("signals wait and arrive once when the server is down for a while", () =>
  inWorld(async (world) => {
    const first = await FaultServer.startOnKeptPort();
    const { port } = first;
    await first.stop();
    await runCommands(world, first);
    assert.equal(world.queued().length, made);
    const server = await FaultServer.start(() => ok, port);
    try {
      await until(() => server.distinct === made, "the signals to arrive");
      await world.couriersEnded();
      tell("down for a while", made, server);
      assert.equal(server.twice, 0);
      assert.deepEqual(world.queued(), []);
    } finally {
      await server.stop();
    }
  }));
