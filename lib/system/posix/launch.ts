import { runtime } from "../../runtime/mod.ts";
import { copyString, cString, cStringTable, encode, type LibraryFunctions, zeroTerminated } from "../libc.ts";
import type { LaunchEnd } from "../system.ts";
import { lastError, type PosixPlatform } from "./platform.ts";
import { SIG_DFL, SIG_IGN, signalNumbers } from "./signals.ts";

const ENOENT = 2;

// Where Bun stops raising the limit of open files, whatever the hard limit is.
const raisedFileLimit = 1n << 20n;

/**
 * Makes this process the command; returns only if that fails.
 *
 * @param reapStarter Is called at the last moment, see `System.reapStarter`.
 */
export function replaceProcess(
  platform: PosixPlatform,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
  reapStarter: () => void,
): LaunchEnd {
  const { libc } = platform;
  const words = argumentBytes(platform, command);
  const argumentTable = cStringTable(words);
  for (const [name, value] of Object.entries(variables)) libc.setenv(cString(name), cString(value), 1);
  undoChanges(platform);
  reapStarter();
  libc.execvp(zeroTerminated(words[0]), argumentTable);
  return failure(libc, lastError(platform));
}

/** Undoes what the runtime has done to this process and a command would inherit. */
export function undoChanges(platform: PosixPlatform): void {
  restoreSignals(platform);
  if (runtime.changes.raisesFileLimit) lowerFileLimit(platform);
  if (runtime.changes.marksDescriptors) platform.passDescriptors();
}

/** Says why a command could not be started. */
export function failure(libc: LibraryFunctions, error: number): LaunchEnd {
  return { kind: "failed", found: error !== ENOENT, reason: copyString(libc, libc.strerror(error)) };
}

/**
 * The runtimes decode arguments; one that was not UTF-8 shows a replacement character and is fetched as it was.
 * Behind a link, and in the library, the command is not the end of the arguments of this process.
 */
export function argumentBytes(platform: PosixPlatform, command: readonly string[]): Uint8Array[] {
  const mayHaveLost = command.join("").includes("\u{FFFD}");
  const raw = mayHaveLost ? platform.rawArguments() ?? [] : [];
  const offset = raw.length - command.length;
  return command.map((word, index) => {
    const bytes = raw[offset + index];
    return bytes && decodeKeepingAll(bytes) === word ? bytes : encode(word);
  });
}

function decodeKeepingAll(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

function restoreSignals(platform: PosixPlatform): void {
  const ignored = platform.ignoredByCaller();
  for (const signal of runtime.changes.ignoredSignals) platform.libc.signal(signalNumbers[signal], SIG_DFL);
  for (const number of ignored) platform.libc.signal(number, SIG_IGN);
}

function lowerFileLimit(platform: PosixPlatform): void {
  const caller = platform.callerFileLimit();
  if (!caller) return;
  const limit = new Uint8Array(16);
  if (platform.libc.getrlimit(platform.fileLimit, limit) !== 0) return;
  const fields = new DataView(limit.buffer);
  const current = fields.getBigUint64(0, true);
  const hard = fields.getBigUint64(8, true);
  const isRaised = current === hard || current === raisedFileLimit;
  // Who has set a hard limit, before it became this program, has set the soft one with it.
  if (!isRaised || hard !== caller.hard || caller.soft >= current) return;
  fields.setBigUint64(0, caller.soft, true);
  platform.libc.setrlimit(platform.fileLimit, limit);
}
