/** Writes each byte as two lower-case hexadecimal digits. */
export function hexPairs(bytes: Uint8Array): string[] {
  const pairs: string[] = [];
  for (const byte of bytes) pairs.push(byte.toString(16).padStart(2, "0"));
  return pairs;
}
