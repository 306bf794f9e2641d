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
import type { NativeFunctions, NativeSignature, Runtime } from "./runtime.ts";

/** The parts of Bun's own interface that are used here; its types are not known to `deno check`. */
interface BunGlobal {
  readonly argv: string[];
  readonly main: string;
  readonly version: string;
  readonly env: Record<string, string | undefined>;
  readonly Glob: new (pattern: string) => {
    // Symbolic links count as files only if not only files are asked for.
    scanSync(options: { cwd: string; onlyFiles: boolean }): Iterable<string>;
  };
  readonly FFI?: BunForeignFunctions;
  file(path: string): { readonly size: number; readonly lastModified: number };
}

interface BunForeignFunctions {
  dlopen(file: string, signatures: Record<string, NativeSignature>): { symbols: unknown };
  ptr(buffer: Uint8Array): number;
}

// A standalone executable's modules lie in a virtual folder of this name, on POSIX and on Windows.
const virtualFolder = /^(\/\$bunfs\/|[A-Z]:[\\/]~BUN[\\/])/;

/**
 * What the module `bun:ffi` is made on. That module generates code that converts what each function is given;
 * to load it and to generate takes 0.4 ms, a tenth of what an empty program does. `NativeParameter` has only
 * types that need no conversion.
 */
function foreignFunctions({ FFI }: BunGlobal): BunForeignFunctions {
  return FFI ?? process.getBuiltinModule("bun:ffi") as unknown as BunForeignFunctions;
}

function exitNatively(bun: BunGlobal, status: number): void {
  const signatures = { ExitProcess: { args: ["i64"], returns: "i32" } } as const;
  const library = attempt(() => foreignFunctions(bun).dlopen("kernel32.dll", signatures));
  (library?.symbols as NativeFunctions<typeof signatures> | undefined)?.ExitProcess(status);
}

/** Bun: `bun run` and `bun build --compile`. */
export function bunRuntime(): Runtime {
  const bun = (globalThis as unknown as { Bun: BunGlobal }).Bun;
  let main: string | undefined;
  // Bun opens the file each time that it is asked for its name.
  const mainModule = () => main ??= bun.main;
  return {
    name: "bun",
    version: bun.version,
    args: bun.argv.slice(2),
    calledAs: process.argv0,
    os: goName(process.platform),
    architecture: goName(process.arch),
    changes: {
      ignoredSignals: ["SIGPIPE", "SIGXFSZ"],
      marksDescriptors: true,
      raisesFileLimit: true,
    },
    env: (name) => bun.env[name],
    mayReadVariable: () => true,
    programCommand() {
      if (virtualFolder.test(mainModule())) return [process.execPath];
      return [process.execPath, "run", "--no-env-file", mainModule()];
    },
    moduleCommand(url) {
      if (virtualFolder.test(mainModule())) return undefined;
      return [process.execPath, "run", "--no-env-file", filePath(url)];
    },
    openLibrary<Signatures extends Record<string, NativeSignature>>(file: string, signatures: Signatures) {
      return attempt(() =>
        foreignFunctions(bun).dlopen(file, signatures).symbols as NativeFunctions<Signatures>
      );
    },
    addressOf: (buffer) => BigInt(foreignFunctions(bun).ptr(buffer)),
    lock: () => undefined,
    // Not by node:fs, which alone takes 2 ms to load.
    listFiles: (path, ending) =>
      attempt(() => [...new bun.Glob(`*${ending}`).scanSync({ cwd: path, onlyFiles: false })]) ?? [],
    fileStamp(path) {
      const file = bun.file(path);
      const size = attempt(() => file.size);
      return size ? `${size}/${file.lastModified}` : undefined;
    },
    foreignOwner,
    decode,
    write,
    mayStart: () => true,
    startProgram,
    startVerbatim,
    exit(status) {
      // Of a greater one Bun keeps the last eight bits.
      if (status > 255) exitNatively(bun, status);
      process.exit(status);
    },
  };
}
