/**
 * Subcommands about profiles: `learn`.
 *
 * @module
 */

import { learnHelp } from "../help.ts";
import { define, type Subcommand } from "./subcommand.ts";
import { parseAppID, parseSeconds } from "./values.ts";

export function learn(): Subcommand {
  return define<{ appId?: string; save?: boolean; timeout: number }>({
    name: "learn",
    description: "learn a profile from a tool that is built with cobra",
    operands: [
      { name: "TOOL", description: "the tool" },
      { name: "[WORD...]", description: "words that belong to it, such as a plugin's name" },
    ],
    usage: "[options] [--] TOOL [WORD...]",
    options: [
      { flags: "--app-id <UUID>", description: "the TelemetryDeck app of the profile", parse: parseAppID },
      { flags: "--save", description: "put it among the profiles of every run, and show what changed" },
      {
        flags: "--timeout <SECONDS>",
        description: "how long it may take",
        parse: parseSeconds,
        default: 300,
      },
    ],
    passesThrough: true,
    help: learnHelp,
    async run({ operands: [tool, ...more], options: { appId: appID, save: isSaved = false, timeout } }) {
      const { learn } = await import("../learn.ts");
      return await learn({ tool: [tool, ...more], appID, isSaved, timeout });
    },
  });
}
