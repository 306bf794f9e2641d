import type { NativeSignature, NativeType, Runtime } from "./runtime.ts";

const nativeTypes: Record<NativeType, Deno.NativeType> = {
  i32: "i32",
  u32: "u32",
  i64: "i64",
  address: "usize",
  buffer: "buffer",
};

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

function foreignFunction(signature: NativeSignature): Deno.ForeignFunction {
  return {
    parameters: signature.parameters.map((type) => nativeTypes[type]),
    result: nativeTypes[signature.result],
  };
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
    traces: {
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
    programCommand() {
      if (Deno.build.standalone) return [Deno.execPath()];
      const flags = permissions.filter(isGranted).map((name) => `--allow-${name}`);
      return [Deno.execPath(), "run", "--quiet", "--no-prompt", ...flags, Deno.mainModule];
    },
    openLibrary(file, signatures) {
      if (!isGranted("ffi")) return undefined;
      const symbols = Object.fromEntries(
        Object.entries(signatures).map(([name, signature]) => [name, foreignFunction(signature)]),
      );
      try {
        // deno-lint-ignore no-explicit-any -- the names and types are those of `signatures`
        return Deno.dlopen(file, symbols).symbols as any;
      } catch {
        return undefined;
      }
    },
    addressOf(buffer) {
      return BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(buffer as Uint8Array<ArrayBuffer>)));
    },
    lock(path) {
      try {
        const file = Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
        if (file.tryLockSync(true)) return { release: () => file.close() };
        file.close();
      } catch {
        // No permission, or no such folder: nothing to lock.
      }
      return undefined;
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
    write(descriptor, text) {
      const stream = descriptor === 1 ? Deno.stdout : Deno.stderr;
      const bytes = new TextEncoder().encode(text);
      for (let written = 0; written < bytes.length;) written += stream.writeSync(bytes.subarray(written));
    },
    exit: (status) => Deno.exit(status),
  };
}
