/**
 * Windows. Written from Microsoft's documentation; no test of this project has run it yet.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import type { NativeFunctions, NativeSignature, Runtime } from "../runtime/runtime.ts";
import { attempt } from "./portable/attempt.ts";
import { portableSystem } from "./portable/mod.ts";
import { hexPairs } from "../runtime/hash.ts";
import type { Lock, System } from "./system.ts";

const kernelSignatures = {
  CloseHandle: { args: ["u64"], returns: "i32" },
  CreateFileW: {
    args: ["ptr", "i64", "i64", "ptr", "i64", "i64", "u64"],
    returns: "u64",
  },
  RtlMoveMemory: { args: ["ptr", "u64", "u64"], returns: "i32" },
} as const satisfies Record<string, NativeSignature>;

const adapterSignatures = {
  GetAdaptersAddresses: { args: ["i64", "i64", "ptr", "ptr", "ptr"], returns: "u32" },
} as const satisfies Record<string, NativeSignature>;

const registrySignatures = {
  RegGetValueW: {
    args: ["u64", "ptr", "ptr", "i64", "ptr", "ptr", "ptr"],
    returns: "i32",
  },
} as const satisfies Record<string, NativeSignature>;

const HKEY_LOCAL_MACHINE = 0xFFFF_FFFF_8000_0002n;
const RRF_RT_REG_SZ = 2;
const RRF_SUBKEY_WOW6464KEY = 0x1_0000;
const AF_UNSPEC = 0;
const GAA_FLAG_INCLUDE_PREFIX = 0x10;
const ERROR_SUCCESS = 0;
const GENERIC_READ_WRITE = 0xC000_0000;
const OPEN_ALWAYS = 4;
const INVALID_HANDLE_VALUE = 0xFFFF_FFFF_FFFF_FFFFn;
const adapterBufferLength = 1 << 20;

/** Windows: the portable way, with the lock and the hardware addresses that only native code gives. */
export function windowsSystem(): System {
  const portable: System = {
    ...portableSystem(),
    pathSeparator: ";",
    executableEndings: ["", ".exe", ".cmd", ".bat", ".com"],
    detach: (...call) => attempt(() => detach(...call)) ?? false,
  };
  const kernel = runtime.openLibrary("kernel32.dll", kernelSignatures);
  const helper = runtime.openLibrary("iphlpapi.dll", adapterSignatures);
  if (!kernel || !helper) return portable;
  return {
    ...portable,
    machine: () => ({ ...portable.machine(), hardwareAddresses: hardwareAddresses(kernel, helper) }),
    machineID,
    lock: (path) => lock(kernel, path) ?? (portable.files.exists(path) ? "taken" : undefined),
  };
}

/** Reads MachineGuid, which Windows' setup makes. */
function machineID(): string | undefined {
  const registry = runtime.openLibrary("advapi32.dll", registrySignatures);
  const value = new Uint8Array(256);
  const size = new Uint8Array(Uint32Array.of(value.length).buffer);
  const error = registry?.RegGetValueW(
    HKEY_LOCAL_MACHINE,
    wideString("SOFTWARE\\Microsoft\\Cryptography"),
    wideString("MachineGuid"),
    RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY,
    null,
    value,
    size,
  );
  if (error !== ERROR_SUCCESS) return undefined;
  const length = new DataView(size.buffer).getUint32(0, true);
  return new TextDecoder("utf-16le").decode(value.subarray(0, length)).replace(/\0+$/, "");
}

function wideString(text: string): Uint8Array {
  return new Uint8Array(Uint16Array.from(`${text}\0`, (unit) => unit.charCodeAt(0)).buffer);
}

/** Opens the lock file for this process alone; the system closes it with the process. */
function lock(kernel: NativeFunctions<typeof kernelSignatures>, path: string): Lock | undefined {
  const name = wideString(path);
  const handle = kernel.CreateFileW(name, GENERIC_READ_WRITE, 0, null, OPEN_ALWAYS, 0, 0);
  if (handle === INVALID_HANDLE_VALUE) return undefined;
  return { release: () => void kernel.CloseHandle(handle) };
}

/**
 * Walks `IP_ADAPTER_ADDRESSES` as laid out for 64 bits: next at 8, physical address at 80, its length at 88.
 * The list lies in the buffer that the system was given, as Go's net package asks for it.
 */
function hardwareAddresses(
  kernel: NativeFunctions<typeof kernelSignatures>,
  helper: NativeFunctions<typeof adapterSignatures>,
): string[] {
  const list = new Uint8Array(adapterBufferLength);
  const size = new Uint8Array(Uint32Array.of(list.length).buffer);
  const error = helper.GetAdaptersAddresses(AF_UNSPEC, GAA_FLAG_INCLUDE_PREFIX, null, list, size);
  if (error !== ERROR_SUCCESS) return [];
  const addresses: string[] = [];
  for (let adapter = runtime.addressOf(list); adapter !== 0n;) {
    const copy = new Uint8Array(92);
    kernel.RtlMoveMemory(copy, adapter, copy.length);
    const fields = new DataView(copy.buffer);
    const length = fields.getUint32(88, true);
    if (length > 0) addresses.push(hexPairs(copy.subarray(80, 80 + length)).join(":"));
    adapter = fields.getBigUint64(8, true);
  }
  return addresses;
}

function detach(
  command: readonly string[],
  directory: string,
  variables: Readonly<Record<string, string>>,
): boolean {
  const { spawn, spawnSync } = process.getBuiltinModule("node:child_process");
  const { words: [program, ...args], isStarter } = isolate(command);
  const env = { ...process.env, ...variables };
  const options = { cwd: directory, env, stdio: "ignore", windowsHide: true } as const;
  // Detached, `cmd` would show a window; and where this process ends first, the courier is never started.
  if (isStarter) return spawnSync(program, args, options).status === 0;
  const child = spawn(program, args, { ...options, detached: true });
  child.on("error", () => {});
  child.unref();
  return child.pid !== undefined;
}

/** The words that start a courier. */
export interface IsolatedCommand {
  readonly words: readonly string[];
  /** Whether the process that they start has only to start the courier, and then ends. */
  readonly isStarter: boolean;
}

/** Keeps a courier from the end of its parent, which Bun's detached children share unless `start` has started them. */
export function isolate(
  command: readonly string[],
  { name }: Pick<Runtime, "name"> = runtime,
): IsolatedCommand {
  return name === "bun"
    ? { words: ["cmd", "/d", "/c", "start", "", "/b", ...command], isStarter: true }
    : { words: command, isStarter: false };
}
