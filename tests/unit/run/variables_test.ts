import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { findUnknownVariables } from "../../../lib/run/variables.ts";

const docs = new URL("../../../docs/", import.meta.url);

test("findUnknownVariables() knows every variable that the documents name", () => {
  const texts = readdirSync(docs).filter((name) => name.endsWith(".md")).map((name) =>
    readFileSync(new URL(name, docs), "utf8")
  );
  const names = texts.flatMap((text) => text.match(/(?<!\w)GS_TELEMETRY_[A-Z_]+(?!\w)/g) ?? []);
  assert.ok(names.length > 20);
  assert.deepEqual(findUnknownVariables(names, []), []);
});

test("findUnknownVariables() tells which variable may have been meant", () => {
  const found = findUnknownVariables(
    ["GS_TELEMETRY_OPT_OUT", "gs_telemetry_wait", "GS_TELEMETRY_X", "PATH"],
    [],
  );
  assert.deepEqual(found, [
    { name: "GS_TELEMETRY_OPT_OUT", meant: "GS_TELEMETRY_OPTOUT" },
    { name: "gs_telemetry_wait", meant: "GS_TELEMETRY_WAIT" },
    { name: "GS_TELEMETRY_X", meant: undefined },
  ]);
  assert.deepEqual(findUnknownVariables(["GS_TELEMETRY_X"], ["GS_TELEMETRY_X"]), []);
});
