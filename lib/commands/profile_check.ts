/**
 * `profile check`: shows the names that a profile gives, or all that is wrong with it.
 *
 * @module
 */

import { commandNames } from "../library/profiles.ts";
import { tell } from "../messages.ts";
import { adviceOn, readProfileValue } from "../profile/file.ts";
import { checkProfile, listMistakes } from "../profile/schema.ts";
import { runtime } from "../runtime/mod.ts";

const mistakenStatus = 125;

/**
 * Prints each name that signals about the profile's tool may have, a line each. Each mistake is a line on stderr.
 *
 * @returns The exit status: 125 if the profile has a mistake.
 * @throws {UsageError} If the file cannot be read or is not JSON.
 */
export function showProfileCheck(file: string): number {
  const value = readProfileValue(file);
  const mistakes = listMistakes(value);
  const advice = adviceOn(value);
  for (const text of advice === undefined ? mistakes : [...mistakes, advice]) {
    tell(`profile ${file}: ${text}`);
  }
  if (mistakes.length > 0) return mistakenStatus;
  const names = commandNames(checkProfile(value, file));
  runtime.write(1, names.map((name) => `${name}\n`).join(""));
  return 0;
}
