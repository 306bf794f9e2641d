/**
 * Subcommands that lead from signals to an answer: `sink` and `report`.
 *
 * @module
 */

import { reportHelp, sinkHelp } from "../help.ts";
import type { ReportCommand } from "../report/report_command.ts";
import { define, type Subcommand } from "./subcommand.ts";
import { collectAppIDs, parseCount, parseListen } from "./values.ts";

const defaultListen = "127.0.0.1:8686";

/** `sink`. */
export function sink(): Subcommand {
  return define<{ listen: string; store?: string; appId?: string[] }>({
    name: "sink",
    description: "receive signals as TelemetryDeck would, show and keep them",
    options: [
      {
        flags: "--listen <HOST:PORT>",
        description: "where to listen; port 0 takes any that is free",
        default: defaultListen,
      },
      {
        flags: "--store <STORE>",
        description: "keep signals: in FILE.db, in lines of JSON (any other FILE), or in ClickHouse",
      },
      {
        flags: "--app-id <UUID...>",
        description: "take signals of these apps only",
        parse: collectAppIDs,
      },
    ],
    help: sinkHelp,
    async run({ options: { listen, store, appId } }) {
      const { serveSink } = await import("../sink.ts");
      return await serveSink({ ...parseListen(listen), store, appIDs: appId });
    },
  });
}

/** `report`. */
export function report(): Subcommand {
  return define<Omit<ReportCommand, "stores"> & { appId?: string[] }>({
    name: "report",
    description: "show which commands are used, by how many people, how often",
    operands: [{
      name: "STORE...",
      description:
        "what a sink keeps: FILE.db, files with lines of JSON (- is standard input), or ClickHouse",
    }],
    usage: "[options] STORE...",
    options: [
      { flags: "--days <N>", description: "the last N days (default: 30)", parse: parseCount("--days") },
      { flags: "--since <DATE>", description: "from this day on, in UTC" },
      { flags: "--until <DATE>", description: "to this day; today if not given" },
      { flags: "--by <STEP>", description: "what time is divided into", choices: ["day", "week", "month"] },
      {
        flags: "--app-id <UUID>",
        description: "signals of this app only; may be given again for others",
        parse: collectAppIDs,
      },
      {
        flags: "--tool <NAME>",
        description: "commands of one tool: a profile's name or FILE, or the tool's first words",
      },
      { flags: "--command <PREFIX>", description: "commands whose names begin with these words" },
      { flags: "--test-mode", description: "count tests, in place of all others" },
      {
        flags: "--least-people <N>",
        description: "hold back what fewer people did, for a page that is published",
        parse: parseCount("--least-people"),
      },
      { flags: "--json", description: "as JSON" },
      { flags: "--html <FILE>", description: "as a web page; - prints it" },
    ],
    help: reportHelp,
    async run({ operands: stores, options: { appId, ...options } }) {
      const { showReport } = await import("../report/mod.ts");
      return await showReport({ ...options, stores, appIDs: appId });
    },
  });
}
