import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import {
  isOutputTerminal,
  outputStyle,
  paint,
  printable,
  usualColumns,
  wrap,
} from "../../../lib/commands/page.ts";
import { system } from "../../../lib/system/mod.ts";

test("wrap() breaks between words, and a word that is too long where it must", () => {
  const lines = (text: string, columns: number, indentation?: string) =>
    wrap(text, { columns, isColoured: false }, indentation);
  assert.deepEqual(lines("one two three", 7), ["one two", "three"]);
  assert.deepEqual(lines("one two three", 8), ["one two", "three"]);
  assert.deepEqual(lines("one two three", 6), ["one", "two", "three"]);
  assert.deepEqual(lines("a abcdefghij b", 5), ["a", "abcde", "fghij", "b"]);
  assert.deepEqual(lines("", 5), [""]);
  assert.deepEqual(lines("", 5, "  "), ["  "]);
  assert.deepEqual(lines("one two three", 9, "  "), ["  one two", "  three"]);
  assert.deepEqual(lines("a  b", 2), ["a", "b"]);
  assert.deepEqual(lines("one two", Infinity), ["one two"]);
});

/** Runs a test with a standard output of that width, or with none that is a terminal. */
function withOutput(columns: number | undefined, test: () => void): void {
  const { isTerminal } = system;
  const before = Object.getOwnPropertyDescriptor(process.stdout, "columns");
  system.isTerminal = (descriptor) => descriptor === 1 && columns !== undefined;
  Object.defineProperty(process.stdout, "columns", { value: columns, configurable: true });
  try {
    test();
  } finally {
    system.isTerminal = isTerminal;
    if (before) Object.defineProperty(process.stdout, "columns", before);
    else delete (process.stdout as { columns?: number }).columns;
  }
}

function nothingSet(): undefined {}

test("outputStyle() is plain and as wide as asked for if standard output is no terminal", () =>
  withOutput(undefined, () => {
    assert.equal(isOutputTerminal(), false);
    assert.deepEqual(outputStyle(nothingSet, 123), { columns: 123, isColoured: false });
  }));

const widths: [columns: number, used: number][] = [[0, 80], [10, 24], [24, 24], [25, 25], [100, 100], [
  200,
  100,
]];

for (const [columns, used] of widths) {
  test(`outputStyle() uses ${used} columns of a terminal with ${columns}`, () =>
    withOutput(columns, () => {
      assert.equal(isOutputTerminal(), true);
      assert.deepEqual(outputStyle(nothingSet, 123), { columns: used, isColoured: true });
    }));
}

test("outputStyle() is plain if NO_COLOR is set or the terminal is dumb", () =>
  withOutput(80, () => {
    const isColoured = (name: string, value: string) =>
      outputStyle((asked) => asked === name ? value : undefined, usualColumns).isColoured;
    assert.equal(isColoured("NO_COLOR", "1"), false);
    assert.equal(isColoured("NO_COLOR", ""), true);
    assert.equal(isColoured("TERM", "dumb"), false);
    assert.equal(isColoured("TERM", "xterm"), true);
  }));

test("paint() formats a text only if the style allows it and there is one", () => {
  const codes = { bold: 1, dim: 2, green: 32, yellow: 33, red: 31 } as const;
  for (const [format, code] of Object.entries(codes)) {
    const painted = paint(format as keyof typeof codes, "text", { columns: 80, isColoured: true });
    assert.ok(painted.startsWith(`\x1b[${code}mtext\x1b[`), format);
  }
  assert.equal(paint("bold", "text", { columns: 80, isColoured: false }), "text");
  assert.equal(paint("bold", "", { columns: 80, isColoured: true }), "");
});

test("printable() shows control characters as their codes and leaves all others", () => {
  assert.equal(printable("a\x1b[31mü\n\x9b\x7f"), "a\\u001b[31mü\\u000a\\u009b\\u007f");
});
