import { cStringTable, encode, type LibraryFunctions, zeroTerminated } from "../libc.ts";
import { signalPassing } from "../portable/signals.ts";
import type { LaunchEnd } from "../system.ts";
import { argumentBytes, failure, undoChanges } from "./launch.ts";
import type { PosixPlatform } from "./platform.ts";

const ENOEXEC = 8;
const envWords = ["/usr/bin/env", "--"];
const WNOHANG = 1;
const lookEvery = 50;

/** Starts the command as `execvp` would, so that it inherits what it would have had without a wrapper. */
export async function launchChild(
  platform: PosixPlatform,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<LaunchEnd> {
  const { libc } = platform;
  const processNumber = new Uint8Array(4);
  const childNumber = () => new DataView(processNumber.buffer).getInt32(0, true);
  const pass = (signal: NodeJS.Signals) => void (childNumber() > 0 && process.kill(childNumber(), signal));
  const passing = signalPassing(pass, platform.ignoredSignals());
  passing.begin();
  try {
    undoChanges(platform);
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
