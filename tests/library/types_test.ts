import assert from "node:assert/strict";
import { env } from "node:process";
import { test } from "node:test";
import { createTelemetry, type Telemetry } from "../../mod.ts";
import { appID } from "../helpers/harness.ts";

const options = { appID, tool: "acme", courier: false } as const;

// What is expected to be an error here is one when the tests' types are checked.
test("a name that the tool does not list cannot be written", async () => {
  const telemetry = await createTelemetry({ ...options, commands: ["acme login", "acme cluster create"] });
  const typed: Telemetry<"acme login" | "acme cluster create"> = telemetry;
  env.DO_NOT_TRACK = "1";
  // @ts-expect-error -- an argument
  assert.equal(typed.signal("acme login my-cluster"), false);
  // @ts-expect-error -- further data
  assert.equal(typed.signal("acme login", { cluster: "my-cluster" }), false);
  // @ts-expect-error -- a text that may be anything
  assert.equal(typed.signal(String("acme login")), false);
  delete env.DO_NOT_TRACK;
});

test("an option that does not exist cannot be written", async () => {
  // @ts-expect-error -- no such option
  await createTelemetry({ ...options, commands: ["acme"], payload: { cluster: "my-cluster" } });
});
