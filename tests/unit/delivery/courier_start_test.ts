import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { lockCourier } from "../../../lib/delivery/courier_lock.ts";
import {
  courierBeside,
  courierMarker,
  courierSubcommand,
  ensureCourier,
  isUrgentCourier,
  libraryCourier,
  ownCourier,
} from "../../../lib/delivery/courier_start.ts";
import { writeDeliveryState } from "../../../lib/delivery/delivery_state.ts";
import { StateDirectory } from "../../../lib/directories/state_directory.ts";
import { runtime } from "../../../lib/runtime/mod.ts";
import { system } from "../../../lib/system/mod.ts";
import { endpoint, type FakeState, inFakeState } from "../../helpers/fake_surroundings.ts";
import { until } from "../../helpers/harness.ts";

const untidy = "000000000000000-0195f2b4-7d4e-4c1b-8a55-0d8f3c6b1e2a.json";
const tidying = "000000000000000-0195f2b4-7d4e-4c1b-8a55-0d8f3c6b1e00.json";

/** A program in place of the courier: it writes its working directory and environment down. */
const writer = ["sh", "-c", "(pwd; env) > started.new && mv started.new started"];

async function started(state: FakeState): Promise<string[]> {
  const file = join(state.path, "started");
  await until(() => existsSync(file), "the courier to start");
  return readFileSync(file, "utf8").split("\n");
}

for (const [isUrgent, value] of [[false, "1"], [true, "urgent"]] as const) {
  test(`ensureCourier() starts a courier in the state directory, marked with ${value}`, () =>
    inFakeState(async (state) => {
      assert.equal(ensureCourier({ state, url: endpoint, name: untidy }, writer, isUrgent), "started");
      const [directory, ...env] = await started(state);
      assert.equal(directory, state.path);
      for (
        const entry of [`GS_TELEMETRY_COURIER=${value}`, "DENO_NO_UPDATE_CHECK=1", "NODE_USE_ENV_PROXY=1"]
      ) {
        assert.ok(env.includes(entry), entry);
      }
      assert.equal(isUrgentCourier((name) => name === courierMarker ? value : undefined), isUrgent);
      const lock = lockCourier(state);
      assert.ok(lock && lock !== "taken");
      lock.release();
    }));
}

test("ensureCourier() starts none if there is to be none, or if one is at work", () =>
  inFakeState((state) => {
    const recorded = { state, url: endpoint, name: untidy };
    assert.equal(ensureCourier(recorded, undefined, false), "not wanted");
    const lock = lockCourier(state);
    assert.equal(ensureCourier(recorded, writer, false), "at work");
    assert.ok(lock && lock !== "taken");
    lock.release();
  }));

test("ensureCourier() starts none during a back-off, but for one in some hundreds that tidies up", () =>
  inFakeState(async (state) => {
    const backoff = { failures: 1, unanswered: 1, since: Date.now() - 1_000, delay: 3_600_000 };
    writeDeliveryState(state, { dropped: 0, backoffs: { "https://example.org": backoff } }, Date.now());
    assert.equal(ensureCourier({ state, url: endpoint, name: untidy }, writer, false), "backing off");
    const other = "https://other.example/v2/";
    assert.equal(ensureCourier({ state, url: endpoint, name: tidying }, writer, false), "started");
    await started(state);
    assert.equal(ensureCourier({ state, url: other, name: untidy }, ["true"], false), "started");
  }));

test("ensureCourier() fails if there can be no lock or no courier", () =>
  inFakeState((state) => {
    const nowhere = new StateDirectory("/no/such/directory");
    assert.equal(ensureCourier({ state: nowhere, url: endpoint, name: untidy }, writer, false), "failed");
    const { detach } = system;
    system.detach = () => false;
    try {
      assert.equal(ensureCourier({ state, url: endpoint, name: untidy }, writer, false), "failed");
    } finally {
      system.detach = detach;
    }
  }));

test("ownCourier() is this program's hidden subcommand", () => {
  assert.equal(courierMarker, "GS_TELEMETRY_COURIER");
  assert.equal(courierSubcommand, "courier");
  assert.deepEqual(ownCourier(), [...runtime.programCommand(), "courier"]);
});

test("libraryCourier() is this runtime with the courier's module of this source", () => {
  const [program, ...words] = libraryCourier()!;
  assert.equal(program, process.execPath);
  assert.match(words.at(-1)!, /\/lib\/delivery\/courier_entry\.ts$/);
  const published = courierBeside("file:///x/node_modules/lib/delivery/courier_start.js")!;
  assert.match(published.at(-1)!, /\/x\/node_modules\/lib\/delivery\/courier_entry\.js$/);
});

test("courierBeside() is nothing in a bundle", () => {
  for (const url of [undefined, "file:///dist/acme.js", "file:///dist/courier_start.ts", "file:///x"]) {
    assert.equal(courierBeside(url), undefined, url);
  }
});
