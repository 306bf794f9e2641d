/**
 * What to do if there is nothing to show.
 *
 * @module
 */

import { brand } from "../../brand.ts";
import type { ReportCommand } from "./report_command.ts";

const longer = 365;

/** What a page says beside that there are no signals. */
export interface Advice {
  /** A sentence; empty if there is nothing to say. */
  readonly remark: string;
  /** A command to paste; empty if a longer period would not help. */
  readonly command: string;
}

/** Says what may be wrong with a question that has no answer, and how to ask for a longer period. */
export function advise(command: ReportCommand, isToolKnown: boolean, days: number): Advice {
  const remark = isToolKnown
    ? ""
    : `No profile is called '${command.tool}', and no command that was counted begins with it.`;
  if (days >= longer) return { remark, command: "" };
  const words = [brand.name, "report", "--days", `${longer}`, ...filters(command), ...operands(command)];
  return { remark, command: words.map(quoteWord).join(" ") };
}

function filters({ until, by, appIDs = [], tool, command, testMode, leastPeople }: ReportCommand): string[] {
  const withValues = [
    ["--until", until],
    ["--by", by],
    ...appIDs.map((each) => ["--app-id", each]),
    ["--tool", tool],
    ["--command", command],
    ["--least-people", leastPeople?.toString()],
  ];
  const given = withValues.flatMap(([name, value]) => value === undefined ? [] : [`${name}`, value]);
  return [...given, ...(testMode ? ["--test-mode"] : [])];
}

function operands({ stores }: ReportCommand): readonly string[] {
  return stores.some((store) => /^-./.test(store)) ? ["--", ...stores] : stores;
}

/** Quotes a word for a shell, if it has to be. */
function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
