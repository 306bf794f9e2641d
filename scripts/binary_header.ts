/**
 * Reads from an executable file's header what it is.
 *
 * @module
 */

import type { BinaryFormat } from "./targets.ts";

/** What an executable file says of itself. */
export interface BinaryHeader {
  readonly format: BinaryFormat;
  readonly architecture: "x64" | "arm64" | undefined;
  /** Of an ELF file with a dynamic loader. */
  readonly libc?: "gnu" | "musl";
}

// e_machine (elf(5)), cputype (mach/machine.h) and Machine (the PE format).
const elfMachines: Record<number, BinaryHeader["architecture"]> = { 0x3e: "x64", 0xb7: "arm64" };
const machOTypes: Record<number, BinaryHeader["architecture"]> = { 0x0100_0007: "x64", 0x0100_000c: "arm64" };
const peMachines: Record<number, BinaryHeader["architecture"]> = { 0x8664: "x64", 0xaa64: "arm64" };

const PT_INTERP = 3;

/**
 * Reads the header of a 64-bit little-endian executable.
 *
 * @param file All its bytes: Deno's compiler puts a part of the header at an ELF file's end.
 * @throws {TypeError} If it is none that is known.
 */
export function readBinaryHeader(file: Uint8Array): BinaryHeader {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const magic = view.getUint32(0, false);
  if (magic === 0x7f454c46) {
    return { format: "elf", architecture: elfMachines[view.getUint16(18, true)], libc: elfLibc(view, file) };
  }
  if (magic === 0xcffaedfe) return { format: "mach-o", architecture: machOTypes[view.getUint32(4, true)] };
  if (magic >>> 16 === 0x4d5a) {
    const machine = view.getUint16(view.getUint32(0x3c, true) + 4, true);
    return { format: "pe", architecture: peMachines[machine] };
  }
  throw new TypeError(`Cannot read the header: unknown magic number ${magic.toString(16)}`);
}

/** The dynamic loader's name tells the C library. */
function elfLibc(view: DataView, file: Uint8Array): BinaryHeader["libc"] {
  const table = Number(view.getBigUint64(32, true));
  const entryLength = view.getUint16(54, true);
  const entries = view.getUint16(56, true);
  for (let at = table; at < table + entries * entryLength; at += entryLength) {
    if (view.getUint32(at, true) !== PT_INTERP) continue;
    const offset = Number(view.getBigUint64(at + 8, true));
    const length = Number(view.getBigUint64(at + 32, true));
    const loader = new TextDecoder().decode(file.subarray(offset, offset + length - 1));
    return loader.includes("musl") ? "musl" : "gnu";
  }
  return undefined;
}
