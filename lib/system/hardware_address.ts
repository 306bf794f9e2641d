/** Writes a hardware address as Go's `net.HardwareAddr` does. */
export function hexPairs(bytes: Uint8Array): string {
  return bytes.toHex().match(/../g)?.join(":") ?? "";
}
