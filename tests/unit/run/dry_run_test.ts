import assert from "node:assert/strict";
import { test } from "node:test";
import { tellNothing, tellSignal } from "../../../lib/run/dry_run.ts";
import type { Signal } from "../../../lib/signal/signal.ts";
import { endpoint, toldBy } from "../../helpers/fake_surroundings.ts";

const signal = { type: "Acme.command", payload: { command: "acme deploy" } } as Signal;
const line = `2: gs-telemetry: dry run: signal: ${JSON.stringify(signal)}\n`;

test("a dry run tells what would be sent, or why not", async () => {
  assert.equal(
    await toldBy(() => tellSignal(signal, endpoint, undefined)),
    `2: gs-telemetry: dry run: would be sent to ${endpoint}: Acme.command "acme deploy"\n${line}`,
  );
  assert.equal(
    await toldBy(() => tellSignal(signal, endpoint, "there is no home")),
    `2: gs-telemetry: dry run: would not be sent, since there is no home to ${endpoint}: ` +
      `Acme.command "acme deploy"\n${line}`,
  );
  assert.equal(await toldBy(() => tellNothing("x")), "2: gs-telemetry: dry run: nothing would be sent: x\n");
});
