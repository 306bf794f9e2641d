import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { programLine, quoteArgument, splitLine } from "../../../../lib/system/windows/command_line.ts";

/** Arguments made of what command lines give a meaning to. */
const argument = fc.string({ unit: fc.constantFrom(..."\"\\ \t%&|<>^!'ab=,;é\u{1F600}\n"), maxLength: 12 });

test("quoteArgument() writes what the C runtime reads back", () => {
  fc.assert(fc.property(fc.array(argument), (args) => {
    const line = ["tool.exe", ...args.map(quoteArgument)].join(" ");
    assert.deepEqual(splitLine(line).slice(1).map(({ text }) => text), args);
  }));
});

// From Microsoft's page on how the C runtime reads arguments.
const examples: readonly (readonly [string, readonly string[]])[] = [
  ['"abc" d e', ["abc", "d", "e"]],
  ['a\\\\b d"e f"g h', ["a\\\\b", "de fg", "h"]],
  ['a\\\\\\"b c d', ['a\\"b', "c", "d"]],
  ['a\\\\\\\\"b c" d e', ["a\\\\b c", "d", "e"]],
  ['a"b"" c d', ['ab" c d']],
  ['"a b', ["a b"]],
  ['""', [""]],
];

for (const [line, words] of examples) {
  test(`splitLine() splits ${line} as the C runtime does`, () => {
    assert.deepEqual(splitLine(`tool.exe ${line}`).slice(1).map(({ text }) => text), words);
  });
}

test("splitLine() takes a backslash in the program's name for itself", () => {
  const [program, word] = splitLine('"C:\\a b\\" c');
  assert.deepEqual([program.text, word.text], ["C:\\a b\\", "c"]);
});

test("programLine() hands the arguments on as the caller has written them", () => {
  const own = 'gs-telemetry.exe run -- msiexec /i "a.msi"   PROP="a b" ""';
  const command = ["msiexec", "/i", "a.msi", "PROP=a b", ""];
  assert.equal(programLine(command, own), 'msiexec /i "a.msi"   PROP="a b" ""');
});

test("programLine() writes the arguments anew when this process was started with others", () => {
  const own = "gs-telemetry.exe run -- tool other";
  assert.equal(programLine(["tool", "a b"], own), 'tool "a b"');
  assert.equal(programLine(["tool", "run", "--", "tool", "other", "x"], own), "tool run -- tool other x");
  assert.equal(programLine(["tool", "a b"]), 'tool "a b"');
});

test("programLine() hands half a pair of UTF-16 on, which no runtime reads as it is", () => {
  assert.equal(programLine(["tool", "\u{FFFD}"], "gs.exe run tool \u{D800}"), "tool \u{D800}");
});

test("programLine() quotes a program's name that has spaces", () => {
  assert.equal(programLine(["C:\\Program Files\\tool"]), '"C:\\Program Files\\tool"');
});

test("programLine() writes what is read back as the same words, whatever the caller has written", () => {
  fc.assert(fc.property(fc.array(argument), fc.array(argument), (before, args) => {
    const own = ["gs.exe", ...before.map(quoteArgument), "tool", ...args.map(quoteArgument)].join(" ");
    const line = programLine(["tool", ...args], own);
    assert.deepEqual(splitLine(line).map(({ text }) => text), ["tool", ...args]);
  }));
});
