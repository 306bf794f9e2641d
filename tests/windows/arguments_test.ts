import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { batchFault } from "../../lib/system/windows/batch_line.ts";
import { quoteArgument } from "../../lib/system/windows/command_line.ts";
import { readShown } from "../helpers/windows_show.ts";
import { inWindows, windows } from "../helpers/windows_world.ts";

const pieces = [..."\"\\ \t&|<>^!()=,;'@:~ab", '"&calc', "\\\\", '""', "é", "名", "\u{1F600}"];
const argument = fc.string({ unit: fc.constantFrom(...pieces), maxLength: 10 });
const argumentsList = fc.array(argument, { minLength: 1, maxLength: 12 });
// Each run starts three programs.
const runs = { numRuns: 15 };

test(
  "a program gets its command line as the caller has written it, whatever that is",
  windows,
  () =>
    inWindows(async (world) => {
      const text = fc.string({ unit: fc.constantFrom(...pieces, "%PATH%", "%", "\n"), maxLength: 40 });
      await fc.assert(
        fc.asyncProperty(text, async (tail) => {
          const direct = await world.shown(`show ${tail}`);
          const through = await world.shown(`"${world.program}" run -- show ${tail}`);
          assert.equal(through.commandLine, direct.commandLine);
          assert.deepEqual(through.words, direct.words);
        }),
        runs,
      );
    }),
);

test(
  "a program gets its arguments, byte for byte, when it is behind --wait, too",
  windows,
  () =>
    inWindows(async (world) => {
      await fc.assert(
        fc.asyncProperty(argumentsList, async (args) => {
          const line = args.map(quoteArgument).join(" ");
          const shown = await world.shown(`"${world.program}" run --wait=1 -- show ${line}`, {
            env: { GS_TELEMETRY_OPTOUT: "1" },
          });
          assert.deepEqual(shown.words.slice(1), args);
        }),
        runs,
      );
    }),
);

test("half a pair of UTF-16 arrives", windows, () =>
  inWindows(async (world) => {
    const { commandLine } = await world.shown(`"${world.program}" run -- show a\u{D800}b`);
    assert.equal(commandLine, "show a\u{D800}b");
  }));

test(
  "a batch file and the program that it hands its arguments to get them as they are",
  windows,
  () =>
    inWindows(async (world) => {
      // Wine's cmd looks for variables in what it has put in for `%*`, which Windows' does not.
      world.write("hands-on.cmd", "@show.exe %*\n");
      await fc.assert(
        fc.asyncProperty(argumentsList, async (args) => {
          const line = args.map(quoteArgument).join(" ");
          const { stdout, stderr } = await world.gs(`run -- hands-on ${line}`);
          assert.deepEqual(readShown(stdout, stderr).words.slice(1), args);
        }),
        runs,
      );
    }),
);

// Each tries to make the file `ran`, by what cmd.exe means by it.
const attacks = [
  "a&echo x>ran",
  'a"&echo x>ran',
  '"&echo x>ran&"',
  'a""&echo x>ran',
  '\\"&echo x>ran',
  "a|echo x>ran",
  "a^&echo x>ran",
  "%CMDCMDLINE:~-1%&echo x>ran",
  "%ATTACK%",
  '"%ATTACK%"',
  "%%ATTACK%%",
  "!ATTACK!",
  "x%",
  "%cd:~,%&echo x>ran",
  "(echo x>ran)",
  "a>ran",
  "<ran",
  "a\\",
  "a b\\",
];

test("no argument of a batch file runs as a command", windows, () =>
  inWindows(async (world) => {
    world.write("tool.cmd", "@exit /b 3\n");
    const env = { ATTACK: "&echo x>ran" };
    for (const attack of attacks) {
      for (const line of [quoteArgument(attack), `${quoteArgument(attack)} "b c" ${quoteArgument(attack)}`]) {
        const { status, stderr } = await world.gs(`run -- tool ${line}`, { env });
        assert.deepEqual({ status, stderr }, { status: 3, stderr: "" }, attack);
        assert.ok(!existsSync(join(world.work, "ran")), attack);
      }
    }
  }));

test(
  "a line break in an argument of a batch file is refused, with the argument's number and a way out",
  windows,
  () =>
    inWindows(async (world) => {
      world.write("tool.cmd", "@echo x>ran\n");
      for (const text of ["a\nb", "\r", "x\r\necho x>ran"]) {
        const { status, stderr } = await world.gs(`run -- tool first ${quoteArgument(text)}`);
        assert.deepEqual({ status, stderr }, {
          status: 126,
          stderr: `gs-telemetry: cannot run 'tool': ${batchFault(["first", text])}\n`,
        });
        assert.ok(!existsSync(join(world.work, "ran")));
      }
    }),
);

test(
  "a batch file whose own name means something to cmd.exe is run",
  windows,
  () =>
    inWindows(async (world) => {
      for (const name of ["a & b.cmd", "a^b.cmd", "100%.cmd", "echo.cmd", "(x).cmd", "a'b;c=d,e.bat"]) {
        world.write(name, "@echo it ran\n");
        const { stdout, stderr } = await world.gs(`run -- "${name}"`);
        assert.match(stdout, /it ran/, `${name}: ${stderr}`);
      }
    }),
);
