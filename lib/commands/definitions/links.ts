/**
 * Subcommands that roll gs-telemetry out: `link`, `unlink`, `doctor`.
 *
 * @module
 */

import { doctorHelp, linkHelp } from "../help.ts";
import { define, type Subcommand } from "./subcommand.ts";

const operands = [{ name: "TOOL", description: "the tool's name" }];

function directoryOption(byDefault: string) {
  return { flags: "--dir <DIR>", description: `the directory of the link (default: ${byDefault})` };
}

export function link(): Subcommand {
  return define<{ dir?: string }>({
    name: "link",
    description: "stand in front of a tool, so that every call is counted",
    operands,
    options: [directoryOption("that of this program")],
    help: linkHelp,
    async run({ operands: [tool], options: { dir } }) {
      const { link } = await import("../link.ts");
      return await link(tool, dir);
    },
  });
}

export function unlink(): Subcommand {
  return define<{ dir?: string }>({
    name: "unlink",
    description: "stand no longer in front of a tool",
    operands,
    options: [directoryOption("all on PATH")],
    async run({ operands: [tool], options: { dir } }) {
      const { unlink } = await import("../link.ts");
      return unlink(tool, dir);
    },
  });
}

export function doctor(): Subcommand {
  return define<{ json?: boolean }>({
    name: "doctor",
    description: "check links, profiles, variables and directories; exit 0 if all is well",
    options: [{ flags: "--json", description: "as JSON" }],
    help: doctorHelp,
    async run({ options: { json = false } }) {
      const { examine } = await import("../doctor.ts");
      return await examine(json);
    },
  });
}
