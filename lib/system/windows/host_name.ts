import { type Kernel, readWide } from "./kernel.ts";

const ComputerNamePhysicalDnsHostname = 5;
const longestName = 256;

/** Reads the host name that Go's `os.Hostname` reads. Returns `undefined` if it cannot be read. */
export function hostName(kernel: Kernel): string | undefined {
  const name = new Uint8Array(longestName * 2);
  const size = new Uint8Array(Uint32Array.of(longestName).buffer);
  if (kernel.GetComputerNameExW(ComputerNamePhysicalDnsHostname, name, size) === 0) return undefined;
  const length = new DataView(size.buffer).getUint32(0, true);
  return readWide(name.subarray(0, length * 2));
}
