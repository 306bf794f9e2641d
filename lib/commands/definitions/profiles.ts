/**
 * Subcommands about profiles: `learn` and `profile`.
 *
 * @module
 */

import { UsageError } from "../../usage_error.ts";
import { learnHelp, profileHelp } from "../help.ts";
import { define, type Subcommand } from "./subcommand.ts";
import { parseAppID, parseSeconds, parseSignalType } from "./values.ts";

export function learn(): Subcommand {
  return define<{ appId?: string; signalType?: string; save?: boolean; timeout: number }>({
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
        flags: "--signal-type <TYPE>",
        description: "the type of the tool's signals, such as Acme.command",
        parse: parseSignalType,
      },
      {
        flags: "--timeout <SECONDS>",
        description: "how long it may take",
        parse: parseSeconds,
        default: 300,
      },
    ],
    passesThrough: true,
    help: learnHelp,
    async run({ operands: [tool, ...more], options }) {
      const { appId: appID, signalType, save: isSaved = false, timeout } = options;
      const { learn } = await import("../learn.ts");
      return await learn({ tool: [tool, ...more], appID, signalType, isSaved, timeout });
    },
  });
}

/** `profile check`. */
export function profile(): Subcommand {
  return {
    name: "profile",
    description: "check a profile: print the names that it gives, or all its mistakes",
    operands: [
      { name: "ACTION", description: "check" },
      { name: "FILE", description: "the profile" },
    ],
    choices: ["check"],
    help: profileHelp,
    async run({ operands: [action, file] }) {
      if (action !== "check") throw new UsageError(`profile has the action check, not '${action}'`);
      const { showProfileCheck } = await import("../profile_check.ts");
      return showProfileCheck(file);
    },
  };
}
