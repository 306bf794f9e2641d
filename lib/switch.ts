/**
 * `enable` and `disable`: keeps the user's choice, and says in one line what holds now.
 *
 * @module
 */

import { refusingVariables } from "./consent.ts";
import { listQueue } from "./delivery/queue.ts";
import { clearQueue } from "./delivery/spool.ts";
import { forgoNotice } from "./notice.ts";
import { stateDirectory } from "./paths.ts";
import { surveyProfiles } from "./profile/survey.ts";
import { runtime } from "./runtime/mod.ts";
import { type Choice, readSetting, settingsFile } from "./settings.ts";
import { system } from "./system/mod.ts";

const { env } = runtime;
const insteadOfDisable = "to opt out all the same, set GS_TELEMETRY_OPTOUT=1";

/**
 * Keeps the user's choice. What waits is deleted when telemetry goes off, and again when it comes back:
 * consent is never retroactive.
 *
 * @throws {Error} Where the choice cannot be kept.
 */
export async function choose(choice: Choice): Promise<number> {
  const file = settingsFile(env);
  if (file === undefined) throw refuse(choice, "there is no home to keep the choice in");
  const before = readSetting(env);
  const isSame = before.choice === choice && before.fault === undefined;
  if (!isSame) keep(choice, file);
  const directory = stateDirectory(env);
  const wasOrIsOff = choice === "off" || before.choice === "off";
  const deleted = directory && wasOrIsOff ? emptyQueue(directory) : 0;
  if (directory && choice === "on") forgoNotice(directory);
  const exceptions = choice === "on" ? await describeExceptions() : "";
  const change = isSame ? `was ${choice} already` : `is switched ${choice}`;
  runtime.write(1, `Telemetry ${change}${exceptions}${describeCount(deleted)}.\n`);
  return 0;
}

function describeCount(deleted: number): string {
  if (deleted === 0) return "";
  return deleted === 1 ? "; a signal that waited is deleted" : `; ${deleted} signals that waited are deleted`;
}

/** Names the variables that switch telemetry off all the same. */
async function describeExceptions(): Promise<string> {
  const variables = refusingVariables(env);
  if (variables.length > 0) {
    return `, but ${variables.join(" and ")} still ${variables.length > 1 ? "switch" : "switches"} it off`;
  }
  const profiles = (await surveyProfiles(env)).filter(({ optedOutBy }) => optedOutBy !== null);
  const exceptions = profiles.map(({ name, optedOutBy }) =>
    `${optedOutBy} still switches it off for ${name}`
  );
  return exceptions.length > 0 ? `, but ${exceptions.join(" and ")}` : "";
}

function emptyQueue(directory: string): number {
  const { length } = listQueue(directory);
  try {
    clearQueue(directory);
  } catch (error) {
    throw new Error(`the choice is kept, but ${directory} cannot be emptied: ${reasonOf(error as Error)}`);
  }
  return length;
}

/** Replaces the file atomically; where it is a symbolic link, the file behind it. */
function keep(choice: Choice, file: string): void {
  const fs = process.getBuiltinModule("node:fs");
  let unfinished: string | undefined;
  try {
    fs.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true, mode: 0o700 });
    const target = fs.existsSync(file) ? fs.realpathSync(file) : file;
    unfinished = `${target}.${crypto.randomUUID()}`;
    fs.writeFileSync(unfinished, `${JSON.stringify({ telemetry: choice })}\n`, { mode: 0o600, flag: "wx" });
    fs.renameSync(unfinished, target);
  } catch (error) {
    if (unfinished !== undefined) system.files.remove(unfinished);
    throw refuse(choice, `cannot write ${file}: ${reasonOf(error as Error)}`, error);
  }
}

function refuse(choice: Choice, reason: string, cause?: unknown): Error {
  return new Error(choice === "off" ? `${reason}; ${insteadOfDisable}` : reason, { cause });
}

/** Takes out what the message repeats: the code before the reason, and the call and the path behind it. */
function reasonOf({ message }: Error): string {
  return message.replace(/^[A-Z]+: /, "").replace(/, \w+( '.*)?$/s, "");
}
