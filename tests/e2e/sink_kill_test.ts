import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { inWorld, program, type World } from "../helpers/harness.ts";

// `SINK_KILLS=100` for the whole of it; `SINK_SEED` for the same again.
const kills = Number(process.env.SINK_KILLS ?? 8);
const seed = Number(process.env.SINK_SEED ?? Date.now() % 1_000_000);
const senders = 4;

/** A request that is sent until it is acknowledged. */
interface Batch {
  readonly name: string;
  readonly size: number;
  attempts: number;
  isAcknowledged: boolean;
}

/** Numbers from 0 to 1 that a seed repeats. */
function randomNumbers(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

async function send(endpoint: string, batch: Batch): Promise<void> {
  const signals = Array.from({ length: batch.size }, (_, index) => ({
    appID: "4539763B-A291-4835-B832-9BEB80CA7039",
    clientUser: batch.name,
    sessionID: `${index}`,
    type: "Acme.command",
    payload: { command: "acme deploy", text: "x".repeat(500) },
  }));
  batch.attempts++;
  const headers = { "content-type": "application/json" };
  const response = await fetch(endpoint, { method: "POST", headers, body: JSON.stringify(signals) });
  await response.text();
  if (response.status === 200) batch.isAcknowledged = true;
}

/** Kills a sink under load again and again, then has the rest acknowledged; gives all that was sent. */
async function killAgainAndAgain(world: World, store: string): Promise<Batch[]> {
  const random = randomNumbers(seed);
  const batches: Batch[] = [];
  for (let round = 0; round <= kills; round++) {
    const [command, ...args] = [...program, "sink", "--listen", "127.0.0.1:0", "--store", store];
    const sink = spawn(command, args, { env: world.environment(), stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(sink.stdout, "data");
    sink.stdout.resume();
    const endpoint = String(line).split("\n")[0].replace("Listening on ", "");
    const open = batches.filter(({ isAcknowledged }) => !isAcknowledged);
    const isLast = round === kills;
    const next = (): Batch | undefined => {
      const again = open.pop();
      if (again !== undefined || isLast) return again;
      const batch = {
        name: `${batches.length}`,
        size: 1 + Math.floor(random() * 100),
        attempts: 0,
        isAcknowledged: false,
      };
      batches.push(batch);
      return batch;
    };
    const sending = Array.from({ length: senders }, async () => {
      try {
        for (let batch = next(); batch; batch = next()) await send(endpoint, batch);
      } catch {
        // The sink is dead.
      }
    });
    const exit = once(sink, "exit");
    if (!isLast) setTimeout(() => sink.kill("SIGKILL"), 1 + random() * 150);
    await Promise.all(sending);
    if (isLast) sink.kill("SIGTERM");
    await exit;
  }
  return batches;
}

/** How often each request's signals are in a store, by the request. */
type Copies = ReadonlyMap<string, readonly number[]>;

function check(batches: readonly Batch[], copies: Copies, deduplicates: boolean): void {
  let lost = 0;
  let doubled = 0;
  for (const { name, size, attempts, isAcknowledged } of batches) {
    assert.ok(isAcknowledged, `request ${name} was never taken`);
    const counts = copies.get(name) ?? [];
    assert.equal(
      counts.length,
      size,
      `request ${name} has ${counts.length} of ${size} signals (seed ${seed})`,
    );
    assert.equal(new Set(counts).size, 1, `request ${name} is there in part (seed ${seed})`);
    assert.ok(
      counts[0] <= (deduplicates ? 1 : attempts),
      `request ${name} is there too often (seed ${seed})`,
    );
    lost += attempts - 1;
    doubled += counts[0] - 1;
  }
  console.log(
    `${kills} kills, seed ${seed}: ${batches.length} requests, ${lost} lost answers, ${doubled} stored twice`,
  );
}

function countCopies(rows: Iterable<readonly [user: string, session: string]>): Copies {
  const counts = new Map<string, number[]>();
  for (const [user, session] of rows) {
    const own = counts.get(user) ?? [];
    counts.set(user, own);
    own[Number(session)] = (own[Number(session)] ?? 0) + 1;
  }
  return counts;
}

test("a killed sink has every acknowledged signal in its lines of JSON, and no request in part", () =>
  inWorld(async (world) => {
    const store = join(world.home, "usage.jsonl");
    const batches = await killAgainAndAgain(world, store);
    const lines = readFileSync(store, "utf8").split("\n").slice(0, -1).map((line) => JSON.parse(line));
    check(batches, countCopies(lines.map(({ clientUser, sessionID }) => [clientUser, sessionID])), false);
  }));

test("a killed sink has every acknowledged signal in its database once, and no request in part", () =>
  inWorld(async (world) => {
    const store = join(world.home, "usage.db");
    const batches = await killAgainAndAgain(world, store);
    const database = new DatabaseSync(store, { readOnly: true });
    const rows = database.prepare("SELECT client_user, rest FROM usage").all() as Record<string, string>[];
    database.close();
    const copies = countCopies(
      rows.map(({ client_user, rest }) => [client_user, JSON.parse(rest).sessionID]),
    );
    check(batches, copies, true);
  }));
