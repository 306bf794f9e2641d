import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "node:test";
import { type CommandTree, nameCommand } from "../../../lib/profile/name.ts";
import { checkProfile } from "../../../lib/profile/schema.ts";

/** As terraform has them: flags of one dash, before and behind the command. */
const terraform: CommandTree = {
  name: "terraform",
  valueFlags: ["-chdir"],
  boolFlags: ["-help"],
  versionFlags: ["-version", "--version"],
  commands: [
    { name: "plan", valueFlags: ["-var", "-out", "-lock-timeout"], boolFlags: ["-destroy", "-json"] },
    { name: "state", commands: [{ name: "list", valueFlags: ["-state"] }, { name: "mv" }] },
    { name: "version", counted: false },
  ],
};

/** As cargo has it: a toolchain before the command, and flags as in cobra. */
const cargo: CommandTree = {
  name: "cargo",
  leadingWords: ["+"],
  valueFlags: ["--config", "-Z"],
  boolFlags: ["--quiet", "-q"],
  persistentFlags: true,
  versionFlags: ["--version", "-V"],
  commands: [{ name: "build", aliases: ["b"], boolFlags: ["--release", "-r"] }, { name: "test" }],
};

function name(tree: CommandTree, line: string): string {
  const named = nameCommand(tree, line.split(" ").filter((word) => word !== ""));
  return named.counted ? named.words.join(" ") : `not counted: ${named.reason}`;
}

const cases: readonly (readonly [tree: CommandTree, line: string, name: string])[] = [
  [terraform, "plan", "plan"],
  [terraform, "-chdir=state plan", "plan"],
  [terraform, "-chdir state plan", "plan"],
  [terraform, "plan -var state -out plan.bin", "plan"],
  [terraform, "plan -destroy -json", "plan"],
  [terraform, "-chdir=x state -x list", "state"],
  [terraform, "state list -state version", "state list"],
  [terraform, "-version", "not counted: -version is not counted"],
  [terraform, "-help", "not counted: -help is not counted"],
  [terraform, "plan -help", "not counted: -h is not counted"],
  [terraform, "plan -var -help", "plan"],
  [terraform, "version", "not counted: 'version' is not counted"],
  [terraform, "-- plan", ""],
  [cargo, "+nightly build", "build"],
  [cargo, "+1.80 b --release", "build"],
  [cargo, "+nightly -q build", "build"],
  [cargo, "+nightly", ""],
  [cargo, "+nightly --version", "not counted: --version is not counted"],
  [cargo, "-Z build test", "test"],
  [cargo, "build +nightly", "build"],
  [cargo, "", ""],
];

for (const [tree, line, expected] of cases) {
  test(`nameCommand() names '${tree.name} ${line}' as '${expected}'`, () => {
    assert.equal(name(tree, line), expected);
  });
}

test("nameCommand() takes one dash and many letters for a cluster unless they are listed", () => {
  const mixed: CommandTree = {
    name: "x",
    boolFlags: ["-a", "-b"],
    valueFlags: ["-abc"],
    persistentFlags: true,
    commands: [{ name: "y" }],
  };
  assert.equal(name(mixed, "-ab y"), "y");
  assert.equal(name(mixed, "-abc y y"), "y");
  assert.equal(name(mixed, "-abh y"), "not counted: -h is not counted");
});

/** A tool with flags of one dash; a flag's value is a secret or a word that calls a command. */
const flagName = fc.stringMatching(/^-[a-z]{2,6}(-[a-z]{2,5})?$/).filter((flag) => !flag.startsWith("-h"));
const value = fc.oneof(fc.stringMatching(/^SECRET[0-9]{8}$/), fc.constantFrom("deploy", "list"));

const toolLine = fc.record({
  valueFlags: fc.uniqueArray(flagName, { minLength: 1, maxLength: 4 }),
  boolFlags: fc.uniqueArray(flagName, { maxLength: 4 }),
}).chain(({ valueFlags, boolFlags }) => {
  const switches = boolFlags.filter((flag) => !valueFlags.includes(flag));
  const flag = fc.oneof(
    fc.tuple(fc.constantFrom(...valueFlags), value).map(([word, given]) => [word, given]),
    fc.tuple(fc.constantFrom(...valueFlags), value).map(([word, given]) => [`${word}=${given}`]),
    ...(switches.length > 0 ? [fc.constantFrom(...switches).map((word) => [word])] : []),
  );
  const flags = fc.array(flag, { maxLength: 4 }).map((parts) => parts.flat());
  const argument = fc.array(fc.stringMatching(/^SECRET[0-9]{8}$/), { maxLength: 2 });
  return fc.record({
    tree: fc.constant<CommandTree>({
      name: "tool",
      leadingWords: ["+", "@"],
      valueFlags,
      boolFlags: switches,
      persistentFlags: true,
      commands: [{ name: "deploy" }, { name: "list", aliases: ["ls"] }],
    }),
    leading: fc.array(fc.stringMatching(/^[+@]SECRET[0-9]{8}$/), { maxLength: 2 }),
    before: flags,
    command: fc.constantFrom("deploy", "list", "ls"),
    behind: fc.tuple(flags, argument).map((parts) => parts.flat()),
  });
});

test("nameCommand() finds the command among flags of one dash and behind leading words", () => {
  fc.assert(
    fc.property(toolLine, ({ tree, leading, before, command, behind }) => {
      const named = nameCommand(tree, [...leading, ...before, command, ...behind]);
      assert.deepEqual(named, { counted: true, words: [command === "ls" ? "list" : command] });
    }),
    { seed: 20_261_128, numRuns: 5_000 },
  );
});

test("checkProfile() takes flags of one dash and leading words", () => {
  for (const root of [terraform, cargo]) {
    const profile = { name: root.name, displayName: root.name, match: [[root.name]], root };
    assert.deepEqual(checkProfile(profile, "it"), profile);
  }
});
