/**
 * The least program that becomes a command: what no wrapper of its toolchain can be faster than.
 *
 * @module
 */

import { runtime } from "../../lib/runtime/mod.ts";

const signature = { execvp: { args: ["ptr", "ptr"], returns: "i32" } } as const;

const libc = runtime.openLibrary("libc.so.6", signature);
const words = runtime.args.map((word) => new TextEncoder().encode(`${word}\0`));
const table = new BigUint64Array(words.length + 1);
words.forEach((word, index) => table[index] = runtime.addressOf(word));
libc?.execvp(words[0], new Uint8Array(table.buffer));
