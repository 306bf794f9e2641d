import { hexPairs } from "../runtime/hex.ts";
import { runtime } from "../runtime/mod.ts";

/** The SHA-256 of a text, in lower-case hex. */
export function hashText(text: string): string {
  return hexPairs(runtime.sha256(new TextEncoder().encode(text))).join("");
}
