import assert from "node:assert/strict";
import { test } from "node:test";
import { nothingKnown, readDeliveryState, writeDeliveryState } from "../../../lib/delivery/delivery_state.ts";
import { Servers } from "../../../lib/delivery/servers.ts";
import { endpoint, inFakeState, start, unavailable } from "../../helpers/fake_surroundings.ts";

const origin = "https://example.org";
const other = "https://other.example/v2/";

test("Servers.failed() leaves all addresses of a server alone for a while, and no other server", () =>
  inFakeState((state, outside) => {
    const servers = new Servers(state, false, outside);
    servers.load();
    outside.chance = 1;
    servers.failed(endpoint, { ...unavailable, retryAfter: 20_000 });
    assert.equal(servers.isLeftAlone(`${origin}/v2/namespace/acme/`), true);
    assert.equal(servers.isLeftAlone(other), false);
    assert.equal(servers.nextTry, start + 24_000);
    outside.elapsed = 23_999;
    assert.equal(servers.isLeftAlone(endpoint), true);
    outside.elapsed = 24_000;
    assert.equal(servers.isLeftAlone(endpoint), false);
    assert.deepEqual(readDeliveryState(state), {
      dropped: 0,
      lastError: { at: start, reason: "status 503" },
      backoffs: { [origin]: { failures: 1, unanswered: 0, since: start, delay: 24_000 } },
    });
  }));

test("Servers.failed() keeps the back-offs of other servers and lengthens its own", () =>
  inFakeState((state, outside) => {
    const servers = new Servers(state, false, outside);
    servers.failed(other, { answered: false, reason: "connection refused" });
    outside.elapsed = 5_000;
    servers.failed(endpoint, unavailable);
    assert.equal(servers.nextTry, start + 10_000);
    servers.failed(endpoint, unavailable);
    assert.deepEqual(readDeliveryState(state).backoffs, {
      "https://other.example": { failures: 1, unanswered: 1, since: start, delay: 10_000 },
      [origin]: { failures: 2, unanswered: 0, since: start + 5_000, delay: 20_000 },
    });
  }));

test("Servers.nextTry is the earliest of those that this pass left alone", () =>
  inFakeState((state, outside) => {
    const backoff = { failures: 1, unanswered: 0, since: start, delay: 3_000 };
    const backoffs = { [origin]: backoff, "https://other.example": { ...backoff, delay: 2_000 } };
    writeDeliveryState(state, { dropped: 0, backoffs }, start);
    const servers = new Servers(state, false, outside);
    assert.equal(servers.isLeftAlone(endpoint), false);
    servers.load();
    assert.equal(servers.nextTry, Infinity);
    assert.equal(servers.isLeftAlone(endpoint), true);
    assert.equal(servers.nextTry, start + 3_000);
    servers.isLeftAlone(other);
    servers.isLeftAlone(endpoint);
    assert.equal(servers.nextTry, start + 2_000);
    servers.beginPass();
    assert.equal(servers.nextTry, Infinity);
  }));

test("Servers.isLeftAlone() ignores back-offs if it is to, but for servers that have failed since", () =>
  inFakeState((state, outside) => {
    const backoff = { failures: 1, unanswered: 0, since: start, delay: 3_000 };
    writeDeliveryState(state, { dropped: 0, backoffs: { [origin]: backoff } }, start);
    const servers = new Servers(state, true, outside);
    servers.load();
    assert.equal(servers.isLeftAlone(endpoint), false);
    assert.equal(servers.nextTry, start + 3_000);
    servers.failed(endpoint, unavailable);
    assert.equal(servers.isLeftAlone(endpoint), true);
    outside.elapsed = 3_600_000;
    assert.equal(servers.isLeftAlone(endpoint), true);
    assert.equal(servers.isLeftAlone(other), false);
  }));

test("Servers.accepted() forgets the server's failures and keeps everything else", () =>
  inFakeState((state, outside) => {
    const servers = new Servers(state, false, outside);
    servers.failed(other, unavailable);
    servers.failed(endpoint, unavailable);
    servers.dropped(2);
    outside.elapsed = 1_000;
    servers.accepted(endpoint);
    const { backoffs, ...rest } = readDeliveryState(state);
    assert.deepEqual(Object.keys(backoffs), ["https://other.example"]);
    const lastError = { at: start, reason: "status 503" };
    assert.deepEqual(rest, { dropped: 2, lastError, lastDelivery: start + 1_000 });
  }));

test("Servers.refused() blames the server after ten refusals in a row", () =>
  inFakeState((state, outside) => {
    const servers = new Servers(state, false, outside);
    const refuse = (times: number) => {
      for (let count = 0; count < times; count++) servers.refused(endpoint, 400);
    };
    refuse(9);
    servers.refused(other, 404);
    assert.deepEqual(readDeliveryState(state).backoffs, {});
    assert.deepEqual(readDeliveryState(state).lastError, {
      at: start,
      reason: "status 404, for good: the signal was set aside",
    });
    servers.accepted(endpoint);
    refuse(9);
    assert.equal(servers.isLeftAlone(endpoint), false);
    refuse(1);
    assert.equal(servers.isLeftAlone(endpoint), true);
    const { lastError, backoffs } = readDeliveryState(state);
    assert.deepEqual(lastError, { at: start, reason: "status 400 for each of 10 signals" });
    assert.deepEqual([backoffs[origin].failures, backoffs[origin].unanswered], [1, 0]);
    refuse(9);
    assert.equal(readDeliveryState(state).backoffs[origin].failures, 1);
    refuse(1);
    assert.equal(readDeliveryState(state).backoffs[origin].failures, 2);
  }));

test("Servers.dropped() adds up, and writes nothing if nothing was dropped", () =>
  inFakeState((state, outside) => {
    const servers = new Servers(state, false, outside);
    servers.dropped(0);
    assert.equal(readDeliveryState(state), nothingKnown);
    servers.dropped(1);
    servers.dropped(2);
    assert.equal(readDeliveryState(state).dropped, 3);
  }));
