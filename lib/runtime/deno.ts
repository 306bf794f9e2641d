import type {
  NativeFunctions,
  NativeParameter,
  NativeSignature,
  Runtime,
  StartedProgram,
} from "./runtime.ts";

const modulePermissions = ["--allow-env", "--allow-net", "--allow-read", "--allow-sys", "--allow-write"];
const permissions = ["env", "ffi", "net", "read", "run", "sys", "write"] as const;

function goArchitecture(architecture: string): string {
  return architecture === "x86_64" ? "amd64" : architecture === "aarch64" ? "arm64" : architecture;
}

function isGranted(name: Deno.PermissionName): boolean {
  return Deno.permissions.querySync({ name } as Deno.PermissionDescriptor).state === "granted";
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

function foreignFunction({ args, returns }: NativeSignature): Deno.ForeignFunction {
  return { parameters: args.map(nativeType), result: returns };
}

function nativeType(type: NativeParameter): Deno.NativeType {
  return type === "ptr" ? "buffer" : type;
}

/**
 * Binds functions by their addresses, which dlsym(3) finds. `Deno.dlopen` compiles code for each function that
 * it is told of, which takes longer than all calls here together. Of a variable it returns the address.
 *
 * @throws {Error} If the library has no `dlsym` (Windows, glibc before 2.34).
 */
function bindByAddress<Signatures extends Record<string, NativeSignature>>(
  file: string,
  signatures: Signatures,
): NativeFunctions<Signatures> {
  const { dlsym } = Deno.dlopen(file, { dlsym: { type: "pointer" } }).symbols;
  const find = new Deno.UnsafeFnPointer(dlsym as FunctionAddress, {
    parameters: ["isize", "buffer"],
    result: "pointer",
  });
  // RTLD_DEFAULT of dlfcn.h: whatever is loaded, the C library above all.
  const anyLibrary = Deno.build.os === "darwin" ? -2n : 0n;
  const functions: Record<string, unknown> = {};
  for (const name in signatures) {
    functions[name] = callable(signatures[name], () => {
      const address = find.call(anyLibrary, new TextEncoder().encode(`${name}\0`));
      if (address === null) throw new Error(`no function '${name}' in ${file}`);
      return address as FunctionAddress;
    });
  }
  return functions as NativeFunctions<Signatures>;
}

function callable(signature: NativeSignature, find: () => FunctionAddress) {
  let pointer: Deno.UnsafeFnPointer<Deno.ForeignFunction> | undefined;
  return (...values: never[]) => {
    pointer ??= new Deno.UnsafeFnPointer(find(), foreignFunction(signature));
    return pointer.call(...values);
  };
}

function bindCompiled<Signatures extends Record<string, NativeSignature>>(
  file: string,
  signatures: Signatures,
): NativeFunctions<Signatures> {
  const symbols: Record<string, Deno.ForeignFunction> = {};
  for (const name in signatures) symbols[name] = foreignFunction(signatures[name]);
  return Deno.dlopen(file, symbols).symbols as unknown as NativeFunctions<Signatures>;
}

type FunctionAddress = Deno.PointerObject<never>;

// A longer text is worth the decoder.
const longestPlainText = 1_024;

/** Deno's own decoder takes 0.2 ms for its first text; the few texts of a run are short and plain nearly always. */
function decode(bytes: Uint8Array): string {
  return isPlain(bytes) ? String.fromCharCode(...bytes) : new TextDecoder().decode(bytes);
}

function isPlain(bytes: Uint8Array): boolean {
  return bytes.length <= longestPlainText && bytes.every((byte) => byte < 0x80);
}

/** Not by node:child_process, which sorts the environment and loses what is not UTF-8. */
function startProgram(program: string, args: string[], windowsRawArguments: boolean): StartedProgram {
  const streams = { stdin: "inherit", stdout: "inherit", stderr: "inherit" } as const;
  try {
    const { pid, status } = new Deno.Command(program, { args, windowsRawArguments, ...streams }).spawn();
    return { pid, ended: status.then(({ code, signal }) => ({ status: code, signal })) };
  } catch (error) {
    return { pid: undefined, ended: Promise.reject(error) };
  }
}

/** Deno: `deno run` and `deno compile`. */
export function denoRuntime(): Runtime {
  return {
    name: "deno",
    version: Deno.version.deno,
    args: Deno.args,
    calledAs: process.argv0,
    os: Deno.build.os,
    architecture: goArchitecture(Deno.build.arch),
    changes: {
      ignoredSignals: ["SIGPIPE"],
      marksDescriptors: false,
      raisesFileLimit: !Deno.build.standalone,
    },
    env(name) {
      try {
        return Deno.env.get(name);
      } catch {
        return undefined;
      }
    },
    mayReadVariable: (variable) => Deno.permissions.querySync({ name: "env", variable }).state === "granted",
    programCommand() {
      if (Deno.build.standalone) return [Deno.execPath()];
      const flags = permissions.filter(isGranted).map((name) => `--allow-${name}`);
      return [Deno.execPath(), "run", "--quiet", "--no-prompt", ...flags, Deno.mainModule];
    },
    // Not with this process's permissions, which may be for some hosts and folders only.
    moduleCommand(url) {
      if (Deno.build.standalone) return undefined;
      return [Deno.execPath(), "run", "--quiet", "--no-prompt", ...modulePermissions, url];
    },
    openLibrary(file, signatures) {
      if (!isGranted("ffi")) return undefined;
      return attempt(() => bindByAddress(file, signatures)) ?? attempt(() => bindCompiled(file, signatures));
    },
    addressOf(buffer) {
      return BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(buffer as Uint8Array<ArrayBuffer>)));
    },
    lock(path) {
      try {
        const file = Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
        if (file.tryLockSync(true)) return { release: () => file.close() };
        file.close();
        return "taken";
      } catch {
        // No permission, or no such directory.
        return undefined;
      }
    },
    listFiles(path, ending) {
      const names = attempt(() => Array.from(Deno.readDirSync(path), ({ name }) => name)) ?? [];
      return names.filter((name) => name.endsWith(ending));
    },
    fileStamp: (path) =>
      attempt(() => {
        const { size, mtime } = Deno.statSync(path);
        return `${size}/${mtime?.getTime()}`;
      }),
    foreignOwner(path) {
      if (attempt(Deno.uid) !== 0) return undefined;
      const owner = attempt(() => Deno.statSync(path));
      return owner?.uid ? { uid: owner.uid, gid: owner.gid ?? 0 } : undefined;
    },
    decode,
    write(descriptor, text) {
      const stream = descriptor === 1 ? Deno.stdout : Deno.stderr;
      const bytes = new TextEncoder().encode(text);
      for (let written = 0; written < bytes.length;) written += stream.writeSync(bytes.subarray(written));
    },
    mayStart: (program) => Deno.permissions.querySync({ name: "run", command: program }).state === "granted",
    startProgram: ([program, ...args]) => startProgram(program, args, false),
    startVerbatim: (program, line) => startProgram(program, [line], true),
    // It takes a number of 32 bits with a sign.
    exit: (status) => Deno.exit(status | 0),
  };
}
