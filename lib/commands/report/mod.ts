/**
 * `report`: which commands are used, by how many people, how often.
 *
 * @module
 */

import { tell } from "../../messages.ts";
import type { Answer } from "../../report/answer.ts";
import { assemble } from "../../report/assemble.ts";
import { countSignals } from "../../report/count.ts";
import { resolvePeriod } from "../../report/period.ts";
import type { Question } from "../../report/question.ts";
import { findUnused } from "../../report/unused.ts";
import { runtime } from "../../runtime/mod.ts";
import { UsageError } from "../../usage_error.ts";
import { outputStyle, usualColumns } from "../page.ts";
import { type Advice, advise } from "./advice.ts";
import { lateProgress } from "./late_progress.ts";
import type { ReportCommand } from "./report_command.ts";
import { findTools } from "./tools.ts";
import { passedOver } from "./words.ts";

/**
 * Prints a report.
 *
 * @returns The exit status.
 * @throws {UsageError} On a wrong period, and on a store that does not exist.
 * @throws {Error} If a store cannot be read, or the page not be written.
 */
export async function showReport(command: ReportCommand): Promise<number> {
  if (command.json && command.html === "-") {
    throw new UsageError("--json and --html - would both be printed; give --html a file");
  }
  checkNotEmpty(command);
  const { answer, isToolKnown } = await answerQuestion(command);
  const advice = advise(command, isToolKnown, answer.period.days);
  if (command.html !== undefined) await writePage(answer, command.html, advice);
  if (command.json) runtime.write(1, `${JSON.stringify(answer, null, 2)}\n`);
  else if (command.html === undefined) await printPage(answer, advice);
  const trouble = passedOver(answer);
  if (trouble !== "") tell(trouble);
  return 0;
}

function checkNotEmpty({ tool, command, html }: ReportCommand): void {
  const wanted = [
    ["--tool", tool, "a profile's name or file, or the first words of a tool's commands"],
    ["--command", command, "the first words of a command's name"],
    ["--html", html, "a file, or - to print the page"],
  ];
  for (const [option, value, right] of wanted) {
    if (value?.trim() === "") throw new UsageError(`${option} is empty but should be ${right}`);
  }
}

/** An answer, and whether the tool that was asked for has a profile or signals. */
interface Answered {
  readonly answer: Answer;
  readonly isToolKnown: boolean;
}

async function answerQuestion(command: ReportCommand): Promise<Answered> {
  const { stores, appIDs = [], tool, command: prefix, testMode = false, leastPeople = 1 } = command;
  const period = resolvePeriod(command, Date.now());
  const { chosen, known } = await findTools(tool, runtime.env);
  const prefixes = [chosen, prefix].filter((each) => each !== undefined);
  const question: Question = {
    period,
    appIDs: appIDs.map((each) => each.toLowerCase()),
    prefixes,
    isTest: testMode,
  };
  const progress = lateProgress();
  const facts = await countSignals(stores, question, {
    password: runtime.env("GS_TELEMETRY_CLICKHOUSE_PASSWORD"),
    onProgress: progress.update,
  }).finally(progress.stop);
  const used = facts.commands.filter(({ current, others }) => current.runs + others.runs > 0);
  const unused = findUnused(known, used.map(({ command: name }) => name), prefixes);
  const answer = assemble(facts, {
    question,
    tool: chosen ?? null,
    command: prefix ?? null,
    leastPeople,
    unused,
  });
  return { answer, isToolKnown: chosen === undefined || known.length > 0 || facts.commands.length > 0 };
}

async function printPage(answer: Answer, advice: Advice): Promise<void> {
  const { renderReport } = await import("./page.ts");
  runtime.write(1, renderReport(answer, outputStyle(runtime.env, usualColumns), advice));
}

async function writePage(answer: Answer, file: string, advice: Advice): Promise<void> {
  const { renderHtml } = await import("./html.ts");
  const page = renderHtml(answer, advice);
  if (file === "-") return runtime.write(1, page);
  try {
    process.getBuiltinModule("node:fs").writeFileSync(file, page);
  } catch (error) {
    throw new Error(`cannot write ${file}: ${(error as Error).message}`, { cause: error });
  }
}
