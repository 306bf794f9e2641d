/**
 * Keeps the user's lasting choice.
 *
 * @module
 */

import { listQueue } from "../delivery/queue_reader.ts";
import { clearQueue } from "../delivery/queue.ts";
import { forgoNotice } from "../consent/notice.ts";
import { stateDirectory } from "../directories/paths.ts";
import { runtime } from "../runtime/mod.ts";
import { type Choice, readSetting, settingsFile } from "../consent/settings.ts";
import { system } from "../system/mod.ts";

const insteadOfDisable = "to opt out all the same, set GS_TELEMETRY_OPTOUT=1";

/** What has changed by a choice. */
export interface KeptChoice {
  /** False where the same was chosen before. */
  readonly isNew: boolean;
  /** How many signals that waited were deleted. */
  readonly deleted: number;
}

/**
 * Keeps the user's choice. What waits is deleted when telemetry goes off, and again when it comes back:
 * consent is never retroactive.
 *
 * @throws {Error} Where the choice cannot be kept.
 */
export function keepChoice(choice: Choice): KeptChoice {
  const { env } = runtime;
  const file = settingsFile(env);
  if (file === undefined) throw refuse(choice, "there is no home to keep the choice in");
  const before = readSetting(env);
  const isNew = before.choice !== choice || before.fault !== undefined;
  if (isNew) keep(choice, file);
  const directory = stateDirectory(env);
  const wasOrIsOff = choice === "off" || before.choice === "off";
  const deleted = directory && wasOrIsOff ? emptyQueue(directory) : 0;
  if (directory && choice === "on") forgoNotice(directory);
  return { isNew, deleted };
}

/**
 * Opts this user out of the telemetry of all tools that use gs-telemetry, for good, and deletes what waits.
 *
 * @throws {Error} Where the choice cannot be kept; the message says what to do instead.
 * @example
 * ```ts
 * import { optOut } from "@giantswarm/gs-telemetry";
 *
 * const { deleted } = optOut();
 * console.log(`Telemetry is off. Signals deleted: ${deleted}`);
 * ```
 */
export function optOut(): KeptChoice {
  return keepChoice("off");
}

/**
 * Opts this user in, from now on. A variable that opts out still does.
 *
 * @throws {Error} Where the choice cannot be kept.
 */
export function optIn(): KeptChoice {
  return keepChoice("on");
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
