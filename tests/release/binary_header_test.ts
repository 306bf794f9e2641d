import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { readBinaryHeader } from "../../scripts/binary_header.ts";

const formats: Record<string, string> = { linux: "elf", darwin: "mach-o", win32: "pe" };

test("readBinaryHeader() knows the program that runs this test", () => {
  const { format, architecture } = readBinaryHeader(readFileSync(process.execPath));
  assert.deepEqual({ format, architecture }, {
    format: formats[process.platform],
    architecture: process.arch,
  });
});

test("readBinaryHeader() reads Apple's format when the processor is arm64", () => {
  const start = Uint8Array.of(0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0, 0, 0x01, 0, 0, 0, 0);
  assert.deepEqual(readBinaryHeader(start), { format: "mach-o", architecture: "arm64" });
});

test("readBinaryHeader() reads Windows' format when the processor is arm64", () => {
  const start = new Uint8Array(128);
  start.set([0x4d, 0x5a]);
  start.set([0x40], 0x3c);
  start.set([0x50, 0x45, 0, 0, 0x64, 0xaa], 0x40);
  assert.deepEqual(readBinaryHeader(start), { format: "pe", architecture: "arm64" });
});

test("readBinaryHeader() throws when the file is a script", () => {
  const start = new TextEncoder().encode("#!/bin/sh\necho");
  assert.throws(() => readBinaryHeader(start), {
    name: "TypeError",
    message: "Cannot read the header: unknown magic number 23212f62",
  });
});
