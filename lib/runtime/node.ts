import {
  attempt,
  decode,
  filePath,
  foreignOwner,
  goName,
  startProgram,
  startVerbatim,
  write,
} from "./node_parts.ts";
import type { Runtime } from "./runtime.ts";

// Node.js itself cannot lock a file. A lock of flock(2) belongs to the open file, which a child shares: what
// the child takes by its descriptor 3 is this process's own lock, and ends with it.
const lockers = [
  ["flock", "-xn", "3"],
  ["perl", "-e", "open(my $file, '+<&=', 3) && flock($file, 6) or exit 1"],
];

/** Returns `undefined` if no tool can say. */
function isLocked(descriptor: number): boolean | undefined {
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  for (const [tool, ...args] of lockers) {
    const { error, status } = spawnSync(tool, args, { stdio: ["ignore", "ignore", "ignore", descriptor] });
    if (!error) return status === 0;
  }
  return undefined;
}

/**
 * Node.js. It has no native code, so commands run as children, and locks take a tool. Before 22.3 it has no
 * `process.getBuiltinModule`, and before 22.12 it warns of each JSON module.
 */
export function nodeRuntime(): Runtime {
  const fs = process.getBuiltinModule("node:fs");
  return {
    name: "node",
    version: process.versions.node,
    args: process.argv.slice(2),
    calledAs: process.argv0,
    os: goName(process.platform),
    architecture: goName(process.arch),
    changes: { ignoredSignals: [], marksDescriptors: false, raisesFileLimit: false },
    env: (name) => process.env[name],
    mayReadVariable: () => true,
    programCommand: () => [process.execPath, process.argv[1]],
    moduleCommand: (url) => [process.execPath, filePath(url)],
    openLibrary: () => undefined,
    addressOf: () => 0n,
    lock(path) {
      const descriptor = attempt(() => fs.openSync(path, "a+", 0o600));
      if (descriptor === undefined) return undefined;
      const release = () => fs.closeSync(descriptor);
      const locked = isLocked(descriptor);
      if (locked) return { release };
      release();
      return locked === false ? "taken" : undefined;
    },
    listFiles: (path, ending) =>
      (attempt(() => fs.readdirSync(path)) ?? []).filter((name) => name.endsWith(ending)),
    fileStamp: (path) =>
      attempt(() => {
        const { size, mtimeMs } = fs.statSync(path);
        return `${size}/${mtimeMs}`;
      }),
    foreignOwner,
    decode,
    write,
    mayStart: () => true,
    startProgram,
    startVerbatim,
    exit: (status) => process.exit(status),
  };
}
