/** Writes each byte as two lower-case hexadecimal digits. */
export function hexPairs(bytes: Uint8Array): string[] {
  const pairs: string[] = [];
  // Not by an iterator: of a typed array Bun would compile it, which starts two threads.
  for (let index = 0; index < bytes.length; index++) pairs.push(bytes[index].toString(16).padStart(2, "0"));
  return pairs;
}
