/** Writes each byte as two lower-case hexadecimal digits. */
export function hexPairs(bytes: Uint8Array): string[] {
  const pairs: string[] = [];
  // An iterator over a typed array would be compiled by Bun, which starts two threads.
  for (let index = 0; index < bytes.length; index++) pairs.push(bytes[index].toString(16).padStart(2, "0"));
  return pairs;
}

/**
 * Hashes a text with WebCrypto.
 *
 * @returns The SHA-256 (FIPS 180-4) of its UTF-8, as 64 lower-case hexadecimal digits.
 */
export async function hashText(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return hexPairs(new Uint8Array(digest)).join("");
}
