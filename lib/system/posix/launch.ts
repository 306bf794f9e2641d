import { runtime } from "../../runtime/mod.ts";
import { copyString, cString, cStringTable, encode, type LibraryFunctions, zeroTerminated } from "../libc.ts";
import type { LaunchEnd } from "../system.ts";
import { lastError, type PosixPlatform } from "./platform.ts";
import { SIG_DFL, SIG_IGN, signalNumbers } from "./signals.ts";

const ENOENT = 2;
const ENOEXEC = 8;
const envWords = ["/usr/bin/env", "--"];
const WNOHANG = 1;
const lookEvery = 50;

// Where Bun stops raising the limit of open files, whatever the hard limit is.
const raisedFileLimit = 1n << 20n;

/**
 * Makes this process the command; returns only where that fails.
 *
 * @param settle Is called at the last moment, see `System.settle`.
 */
export function replaceProcess(
  platform: PosixPlatform,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
  settle: () => void,
): LaunchEnd {
  const { libc } = platform;
  const words = argumentBytes(platform, command);
  const argumentTable = cStringTable(words);
  for (const [name, value] of Object.entries(variables)) libc.setenv(cString(name), cString(value), 1);
  undoTraces(platform);
  settle();
  libc.execvp(zeroTerminated(words[0]), argumentTable);
  return failure(libc, lastError(platform));
}

function undoTraces(platform: PosixPlatform): void {
  restoreSignals(platform);
  if (runtime.traces.raisesFileLimit) lowerFileLimit(platform);
  if (runtime.traces.marksDescriptors) platform.passDescriptors();
}

function failure(libc: LibraryFunctions, error: number): LaunchEnd {
  return { kind: "failed", found: error !== ENOENT, reason: copyString(libc, libc.strerror(error)) };
}

/** Starts the command as `execvp` would, so that it inherits what it would have had without a wrapper. */
export async function launchChild(
  platform: PosixPlatform,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<LaunchEnd> {
  const { libc } = platform;
  const processNumber = new Uint8Array(4);
  const childNumber = () => new DataView(processNumber.buffer).getInt32(0, true);
  const { signalPassing } = await import("../portable.ts");
  const pass = (signal: NodeJS.Signals) => void (childNumber() > 0 && process.kill(childNumber(), signal));
  const passing = signalPassing(pass, platform.ignoredSignals());
  passing.begin();
  try {
    undoTraces(platform);
    const environment = cStringTable(environmentWith(platform, variables));
    const start = (words: readonly Uint8Array[]) =>
      libc.posix_spawnp(
        processNumber,
        zeroTerminated(words[0]),
        null,
        null,
        cStringTable(words),
        environment,
      );
    const words = argumentBytes(platform, command);
    const error = start(words);
    // Unlike execvp(3), posix_spawnp(3) does not hand a script without a first line to a shell; env(1) does.
    const isStarted = error === 0 || (error === ENOEXEC && start([...envWords.map(encode), ...words]) === 0);
    return isStarted ? await endOf(libc, childNumber()) : failure(libc, error);
  } finally {
    passing.end();
  }
}

function environmentWith(
  platform: PosixPlatform,
  variables: Readonly<Record<string, string>>,
): Uint8Array[] {
  const inherited = platform.environment() ?? [];
  const replaced = Object.keys(variables).map((name) => encode(`${name}=`));
  const isReplaced = (entry: Uint8Array) =>
    replaced.some((prefix) => prefix.every((byte, index) => entry[index] === byte));
  const additions = Object.entries(variables).map(([name, value]) => encode(`${name}=${value}`));
  return [...inherited.filter((entry) => !isReplaced(entry)), ...additions];
}

/** Looks whenever a child has changed, and now and then, since a runtime may keep that signal to itself. */
async function endOf(libc: LibraryFunctions, child: number): Promise<LaunchEnd> {
  const status = new Uint8Array(4);
  let wake = () => {};
  const onChange = () => wake();
  process.on("SIGCHLD", onChange);
  try {
    while (libc.waitpid(child, status, WNOHANG) === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, lookEvery);
        wake = () => (clearTimeout(timer), resolve());
      });
    }
  } finally {
    process.off("SIGCHLD", onChange);
  }
  return describeEnd(new DataView(status.buffer).getInt32(0, true));
}

/** Reads a status as wait(2) describes it. */
function describeEnd(status: number): LaunchEnd {
  const number = status & 0x7F;
  if (number === 0) return { kind: "exited", status: (status >> 8) & 0xFF };
  const { signals } = process.getBuiltinModule("node:os").constants;
  const signal = Object.entries(signals).find(([, value]) => value === number)?.[0];
  return { kind: "signalled", signal: signal ?? `${number}` };
}

/**
 * The runtimes decode arguments; one that was not UTF-8 shows a replacement character and is fetched as it was.
 * Behind a link, and in the library, the command is not the end of the arguments of this process.
 */
function argumentBytes(platform: PosixPlatform, command: readonly string[]): Uint8Array[] {
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
  for (const signal of runtime.traces.ignoredSignals) platform.libc.signal(signalNumbers[signal], SIG_DFL);
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
