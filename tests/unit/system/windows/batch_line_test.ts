import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { batchFault, batchLine } from "../../../../lib/system/windows/batch_line.ts";

const cmd = "C:\\Windows\\System32\\cmd.exe";
const prefix = `"${cmd}" /d /e:on /v:off /s /c "`;

/**
 * What cmd.exe makes of the text between its outer quotes, as far as an argument could do harm: first it replaces
 * variables, within quotes too, then it reads operators, outside of quotes only.
 */
function readByCmd(text: string, variables: Readonly<Record<string, string>>) {
  // On its own command line cmd.exe leaves `%` and `%name%` of an unknown variable as they are.
  const expanded = text.replace(/%([^%:]+)(:~,)?%/g, (whole, name, part) => {
    if (!Object.hasOwn(variables, name.toLowerCase())) return whole;
    return part ? "" : variables[name.toLowerCase()];
  });
  let isQuoted = false;
  let operators = "";
  for (const character of expanded) {
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && "&|<>^()\n\r".includes(character)) operators += character;
  }
  return { expanded, operators, isQuoted };
}

/** How a batch file, and the program that it hands `%*` to, reads the arguments: `""` within quotes is a quote. */
function readArguments(text: string): string[] {
  const words: string[] = [];
  for (const [word] of text.matchAll(/(?:"(?:[^"]|"")*"|[^" ])+/g)) {
    const isQuoted = word.startsWith('"');
    const inner = isQuoted ? word.slice(1, -1) : word;
    words.push(
      isQuoted
        ? inner.replace(/(\\*)(""|$)/g, (_, slashes, quote) => {
          return "\\".repeat(slashes.length >> 1) + (quote ? '"' : "");
        })
        : inner,
    );
  }
  return words;
}

const hostile = fc.string({
  unit: fc.constantFrom(..."\"\\ \t%&|<>^!()=,;'@ab:~", "%PATH%", "%cd%", "&calc", '"&calc', "%cd:~,%", "é"),
  maxLength: 12,
});
const variables = { path: "C:\\evil&calc", cd: "C:\\work", "cd:~,": "never" };

test("batchLine() lets no argument run as a command, whatever it holds", () => {
  fc.assert(
    fc.property(fc.array(hostile), (args) => {
      const line = batchLine(cmd, "C:\\a b\\tool.cmd", args);
      assert.ok(line.startsWith(prefix) && line.endsWith('"'));
      const { operators, isQuoted, expanded } = readByCmd(line.slice(prefix.length, -1), variables);
      assert.deepEqual({ operators, isQuoted }, { operators: "", isQuoted: false });
      assert.ok(!expanded.includes("evil"));
    }),
    { numRuns: 2_000 },
  );
});

test("batchLine() writes arguments that are read back as they were", () => {
  fc.assert(
    fc.property(fc.array(hostile), (args) => {
      const line = batchLine(cmd, "C:\\tool.cmd", args);
      const { expanded } = readByCmd(line.slice(prefix.length, -1), variables);
      assert.deepEqual(readArguments(expanded).slice(1), args);
    }),
    { numRuns: 2_000 },
  );
});

test("batchLine() leaves plain arguments without quotes", () => {
  assert.equal(
    batchLine(cmd, "C:\\tool.cmd", ["get", "-o=1", "a/b.c", "é"]),
    `${prefix}"C:\\tool.cmd" get "-o=1" a/b.c é"`,
  );
});

test("batchLine() says where a file of the working directory is, which could have the name of a command of cmd.exe", () => {
  assert.equal(batchLine(cmd, "echo.cmd", []), `${prefix}".\\echo.cmd""`);
});

test("batchFault() names the argument with a line break and says what to do", () => {
  assert.equal(
    batchFault(["a", "b\nc"]),
    "it is a batch file, and its argument 2 has a line break, which cmd.exe would take for the end of the " +
      "command; give it in another way, such as a file",
  );
  for (const text of ["\r", "\0", "\r\ncalc"]) assert.ok(batchFault([text]));
  assert.equal(batchFault(["", "a b", "%PATH%", '"']), undefined);
});
