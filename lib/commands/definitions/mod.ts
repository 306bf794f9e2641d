/**
 * All subcommands, in the order of help. Each is data; the file that does its work is loaded when it is called.
 *
 * @module
 */

import { explainHelp, runHelp } from "../help.ts";
import { report, sink } from "./answers.ts";
import { completions } from "./completions.ts";
import { doctor, link, unlink } from "./links.ts";
import { learn, profile } from "./profiles.ts";
import type { Subcommand } from "./subcommand.ts";
import { choosing, flush, status } from "./telemetry.ts";
import { wrapping } from "./wrapping.ts";

/** Defines all subcommands. */
export function defineSubcommands(): readonly Subcommand[] {
  return [
    wrapping("run", "run a command and record it", runHelp),
    wrapping("explain", "show what run would send; run, send and write nothing", explainHelp),
    status(),
    choosing("disable", "off", "switch telemetry off and delete what waits"),
    choosing("enable", "on", "allow telemetry, from now on"),
    flush(),
    learn(),
    profile(),
    link(),
    unlink(),
    doctor(),
    sink(),
    report(),
    completions(),
  ];
}
