/**
 * Subcommands about the user's own telemetry: `status`, `enable`, `disable`, `flush`.
 *
 * @module
 */

import type { Choice } from "../../consent/settings.ts";
import { flushHelp } from "../help.ts";
import { define, type Subcommand } from "./subcommand.ts";
import { parseSeconds } from "./values.ts";

export function status(): Subcommand {
  return define<{ json?: boolean; sent?: boolean }>({
    name: "status",
    description: "show whether telemetry is on, and what waits to be sent",
    options: [
      { flags: "--sent", description: "show the last twenty signals that left this machine instead" },
      { flags: "--json", description: "as JSON" },
    ],
    async run({ options: { json = false, sent = false } }) {
      if (sent) return (await import("../sent.ts")).showSent(json);
      const { showStatus } = await import("../status.ts");
      return await showStatus(json);
    },
  });
}

export function choosing(name: string, choice: Choice, description: string): Subcommand {
  return {
    name,
    description,
    async run() {
      const { choose } = await import("../switch.ts");
      return await choose(choice);
    },
  };
}

export function flush(): Subcommand {
  return define<{ timeout?: number }>({
    name: "flush",
    description: "send what waits now; exit 0 only if nothing waits afterwards",
    options: [{ flags: "--timeout <SECONDS>", description: "give up after that long", parse: parseSeconds }],
    help: flushHelp,
    async run({ options: { timeout } }) {
      const { showFlush } = await import("../flush.ts");
      return await showFlush(timeout === undefined ? undefined : timeout * 1_000);
    },
  });
}
