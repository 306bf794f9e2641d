import { runtime } from "../../runtime/mod.ts";
import { hexPairs } from "../../runtime/hash.ts";
import type { NativeSignature } from "../../runtime/runtime.ts";
import { copyMemory, type Kernel } from "./kernel.ts";

const signatures = {
  GetAdaptersAddresses: { args: ["i64", "i64", "ptr", "ptr", "ptr"], returns: "u32" },
} as const satisfies Record<string, NativeSignature>;

const AF_UNSPEC = 0;
const GAA_FLAG_INCLUDE_PREFIX = 0x10;
const ERROR_SUCCESS = 0;
const bufferLength = 1 << 20;

/**
 * Lists the hardware addresses of all adapters, as Go's net package asks for them.
 *
 * Walks `IP_ADAPTER_ADDRESSES` as laid out for 64 bits: next at 8, physical address at 80, its length at 88. The
 * list lies in the buffer that Windows was given.
 *
 * @returns `undefined` if native code may not be called.
 */
export function adapterAddresses(kernel: Kernel): string[] | undefined {
  const helper = runtime.openLibrary("iphlpapi.dll", signatures);
  if (!helper) return undefined;
  const list = new Uint8Array(bufferLength);
  const size = new Uint8Array(Uint32Array.of(list.length).buffer);
  const error = helper.GetAdaptersAddresses(AF_UNSPEC, GAA_FLAG_INCLUDE_PREFIX, null, list, size);
  if (error !== ERROR_SUCCESS) return [];
  const addresses: string[] = [];
  for (let adapter = runtime.addressOf(list); adapter !== 0n;) {
    const fields = new DataView(copyMemory(kernel, adapter, 92).buffer);
    const length = fields.getUint32(88, true);
    const address = new Uint8Array(fields.buffer, 80, length);
    if (length > 0) addresses.push(hexPairs(address).join(":"));
    adapter = fields.getBigUint64(8, true);
  }
  return addresses;
}
