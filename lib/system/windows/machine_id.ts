import { runtime } from "../../runtime/mod.ts";
import type { NativeSignature } from "../../runtime/runtime.ts";
import { readWide, wideString } from "./kernel.ts";

const signatures = {
  RegGetValueW: { args: ["u64", "ptr", "ptr", "i64", "ptr", "ptr", "ptr"], returns: "i32" },
} as const satisfies Record<string, NativeSignature>;

const HKEY_LOCAL_MACHINE = 0xFFFF_FFFF_8000_0002n;
const RRF_RT_REG_SZ = 2;
const RRF_SUBKEY_WOW6464KEY = 0x1_0000;
const ERROR_SUCCESS = 0;

/** Reads MachineGuid, which Windows' setup makes. */
export function machineID(): string | undefined {
  const registry = runtime.openLibrary("advapi32.dll", signatures);
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
  return readWide(value.subarray(0, length)).replace(/\0+$/, "");
}
