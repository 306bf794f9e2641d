import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "node:test";
import facts from "../../fixtures/kubectl-gs-commands.json" with { type: "json" };
import { asksForHelp, type CommandTree, nameCommand } from "../../../lib/profile/name.ts";
import { builtInProfiles } from "../../../lib/library/profiles.ts";
import { execute, type ModelCommand, type ModelFlag, profileTree } from "./cobra_model.ts";

const [{ root: kubectlGs }] = builtInProfiles;

interface Facts {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly hidden: boolean;
  readonly valueFlags: readonly string[];
  readonly boolFlags: readonly string[];
  readonly commands: readonly Facts[];
}

interface FactsPlace {
  readonly command: Facts;
  readonly words: readonly string[];
  readonly calls: readonly (readonly string[])[];
  readonly isCounted: boolean;
}

/** Every command of kubectl-gs, with its name and every way to call it. */
function places(command: Facts, above?: FactsPlace): FactsPlace[] {
  const isUncounted = command.hidden || ["help", "completion"].includes(command.name);
  const place = above
    ? {
      command,
      words: [...above.words, command.name],
      calls: above.calls.flatMap((call) => [command.name, ...command.aliases].map((word) => [...call, word])),
      isCounted: above.isCounted && !isUncounted,
    }
    : { command, words: [], calls: [[]], isCounted: true };
  return [place, ...command.commands.flatMap((child) => places(child, place))];
}

const allPlaces = places(facts.root);

function words(args: readonly string[], tree: CommandTree = kubectlGs): string {
  const name = nameCommand(tree, args);
  return name.counted ? name.words.join(" ") : `not counted: ${name.reason}`;
}

test("nameCommand names every command of kubectl-gs when called by its name or an alias", () => {
  assert.equal(allPlaces.length, 42);
  for (const { words: name, calls, isCounted } of allPlaces) {
    for (const call of calls) {
      const named = nameCommand(kubectlGs, [...call, "secret"]);
      assert.equal(named.counted, isCounted, call.join(" "));
      if (named.counted) assert.deepEqual(named.words, name);
    }
  }
});

test("nameCommand passes over every flag of kubectl-gs when it stands before, between or after the words", () => {
  const rootFlags = {
    value: facts.root.valueFlags,
    bool: facts.root.boolFlags.filter((flag) => !/h|v/.test(flag)),
  };
  for (const { words: name, command, isCounted } of allPlaces) {
    if (!isCounted) continue;
    const valueFlags = [...rootFlags.value, ...command.valueFlags];
    const boolFlags = [...rootFlags.bool, ...command.boolFlags].filter((flag) =>
      !/^(-h|--help|-v|--version)$/.test(flag)
    );
    for (const flag of valueFlags) {
      const long = flag.startsWith("--");
      assert.equal(words([...name, flag, "get", "secret"]), name.join(" "));
      assert.equal(words([...name, long ? `${flag}=get` : `${flag}get`, "secret"]), name.join(" "));
      assert.equal(words([...name, flag, "--help"]), name.join(" "), `${flag} takes --help for its value`);
    }
    for (const flag of boolFlags) {
      assert.equal(words([...name, flag, "secret"]), name.join(" "));
      assert.match(words([...name, flag, "--help"]), /--help is not counted/);
    }
    for (const flag of rootFlags.value) {
      assert.equal(words([flag, "get", ...name]), name.join(" "));
      assert.equal(words([...name.slice(0, 1), flag, "get", ...name.slice(1)]), name.join(" "));
    }
    for (const flag of rootFlags.bool) {
      assert.equal(words([flag, ...name]), name.join(" "));
      assert.equal(words([...name.slice(0, 1), flag, ...name.slice(1)]), name.join(" "));
    }
  }
});

const fixedCases: [line: string, name: string][] = [
  ["", ""],
  ["get clusters", "get clusters"],
  ["get cluster my-cluster", "get clusters"],
  ["upgrade app", "update app"],
  ["-n prod get cluster", "get clusters"],
  ["-nprod get cluster", "get clusters"],
  ["-n=prod get cluster", "get clusters"],
  ["--namespace prod get cluster", "get clusters"],
  ["--namespace=prod get cluster", "get clusters"],
  ["get -n login clusters", "get clusters"],
  ["get clusters -n login", "get clusters"],
  ["--debug get clusters", "get clusters"],
  ["--debug=false get clusters", "get clusters"],
  ["-- get clusters", ""],
  ["get -- clusters", "get"],
  ["get clusters -- --help", "get clusters"],
  ["get clusters -n --help", "get clusters"],
  ["get unknown clusters", "get"],
  ["unknown get clusters", ""],
  ["- get clusters", "get clusters"],
  ["get clusters -", "get clusters"],
  ["--unknown get clusters", ""],
  ["--unknown=x get clusters", "get clusters"],
  ["get login clusters", "get"],
  ["login login login", "login"],
  ["get clusters --help", "not counted: --help is not counted"],
  ["get clusters -h", "not counted: -h is not counted"],
  ["get clusters -Ah", "not counted: -h is not counted"],
  ["get clusters --help=false", "get clusters"],
  ["get clusters --help --help=false", "get clusters"],
  ["get clusters -h=true", "not counted: -h is not counted"],
  ["get clusters x --help y", "not counted: --help is not counted"],
  ["--help get clusters", "not counted: --help is not counted"],
  ["--version", "not counted: --version is not counted"],
  ["-v", "not counted: -v is not counted"],
  ["--version=false", ""],
  ["get --version", "get"],
  ["help get", "not counted: 'help' is not counted"],
  ["completion bash", "not counted: 'completion' is not counted"],
  ["credential-plugin", "not counted: 'credential-plugin' is not counted"],
  ["__complete get", "not counted: '__complete' is not counted"],
  ["__completeNoDesc get", "not counted: '__complete' is not counted"],
];

test("nameCommand gives the name that CommandPath() gives, or the reason not to count, for fixed cases", () => {
  for (const [line, name] of fixedCases) {
    assert.equal(words(line.split(" ").filter((word) => word !== "")), name, `kubectl gs ${line}`);
  }
});

test("nameCommand leaves an empty argument alone when it looks for commands", () => {
  assert.equal(words(["", "get", "clusters"]), "get clusters");
});

test("nameCommand takes what stands behind the = of a switch for its value, not for more switches", () => {
  const tree = { name: "acme", boolFlags: ["-w", "-x"] };
  assert.deepEqual(nameCommand(tree, ["-w=h"]), { counted: true, words: [] });
  assert.deepEqual(nameCommand(tree, ["-xw=h"]), { counted: true, words: [] });
  assert.deepEqual(nameCommand(tree, ["-wh"]), { counted: false, reason: "-h is not counted" });
});

test("nameCommand takes -h for the tool's own flag when the profile lists it without --help", () => {
  const human: CommandTree = {
    name: "du",
    boolFlags: ["-h", "--human"],
    persistentFlags: true,
    commands: [{ name: "sum" }],
  };
  assert.equal(words(["-h", "sum"], human), "sum");
  assert.match(
    words(["-h", "sum"], { ...human, boolFlags: ["-h", "--help"] }),
    /-h is not/,
  );
  assert.equal(words(["-h", "host", "sum"], { ...human, boolFlags: [], valueFlags: ["-h"] }), "sum");
});

test("nameCommand ends a command's flags at its first argument when they are not interspersed", () => {
  const podman: CommandTree = {
    name: "podman",
    commands: [{ name: "run", interspersed: false, boolFlags: ["--rm"], valueFlags: ["--name"] }],
  };
  assert.equal(words(["run", "--rm", "alpine", "ls", "-h"], podman), "run");
  assert.match(words(["run", "--rm", "-h", "alpine"], podman), /-h is not counted/);
  assert.equal(words(["run", "--name", "-h", "alpine"], podman), "run");
});

test("asksForHelp finds help before -- and not behind it", () => {
  assert.equal(asksForHelp(["x", "--help"]), true);
  assert.equal(asksForHelp(["-h"]), true);
  assert.equal(asksForHelp(["--", "-h"]), false);
  assert.equal(asksForHelp(["--helpful"]), false);
});

// Few letters and words, so that flags, values and commands meet often.
const commandWord = fc.constantFrom("get", "set", "add", "a", "all", "out", "help", "true");
const flagName = fc.constantFrom("all", "out", "get", "force", "v", "x", "help", "version");
const letter = fc.constantFrom("a", "o", "g", "f", "v", "x", "h");

const flag: fc.Arbitrary<ModelFlag> = fc.record({
  name: flagName,
  shorthand: fc.option(letter, { nil: undefined }),
  type: fc.constantFrom("bool", "optional", "text"),
  persistent: fc.boolean(),
});

function command(depth: number): fc.Arbitrary<ModelCommand> {
  return fc.record({
    name: commandWord,
    aliases: fc.uniqueArray(commandWord, { maxLength: 2 }),
    flags: fc.array(flag, { maxLength: 4 }),
    hasVersion: fc.boolean(),
    interspersed: fc.boolean(),
    commands: depth === 0 ? fc.constant([]) : fc.array(command(depth - 1), { maxLength: 3 }),
  });
}

const program = command(3).map((root) => possible(root, []));

/** Leaves out the flags for which cobra or pflag would panic as the program starts. */
function possible(command: ModelCommand, above: readonly ModelFlag[]): ModelCommand {
  const flags: ModelFlag[] = [];
  for (const candidate of command.flags) {
    const isHelp = candidate.name === "help";
    const isSwitch = isHelp || candidate.name === "version";
    // A help flag of the program's own has cobra's shorthand or none; a switch of that name has to be one.
    const added = {
      ...candidate,
      type: isSwitch ? "bool" as const : candidate.type,
      shorthand: isHelp ? "h" : candidate.shorthand === "h" || isSwitch ? undefined : candidate.shorthand,
      persistent: isHelp || candidate.persistent,
    };
    const isTaken = [...flags, ...above].some(({ name, shorthand }) =>
      name === added.name || (shorthand !== undefined && shorthand === added.shorthand)
    );
    // What a command below defines must not clash either, so a flag is the tool's only one of its name.
    if (!isTaken && candidate.name !== "version") flags.push(added);
  }
  const persistent = [...above, ...flags.filter((candidate) => candidate.persistent)];
  return { ...command, flags, commands: command.commands.map((child) => possible(child, persistent)) };
}

const argument = fc.oneof(
  { arbitrary: commandWord, weight: 5 },
  { arbitrary: fc.constantFrom("", "-", "--", "-=", "--=x", "---", "-é", "secret"), weight: 1 },
  { arbitrary: flagName.map((name) => `--${name}`), weight: 3 },
  {
    arbitrary: fc.tuple(flagName, fc.constantFrom("get", "true", "false", "0", "")).map(([name, value]) =>
      `--${name}=${value}`
    ),
    weight: 2,
  },
  {
    arbitrary: fc.array(letter, { minLength: 1, maxLength: 3 }).map((letters) => `-${letters.join("")}`),
    weight: 3,
  },
  {
    arbitrary: fc.tuple(letter, letter, fc.constantFrom("", "get", "false")).map(([a, b, value]) =>
      `-${a}${b}=${value}`
    ),
    weight: 1,
  },
);

test("nameCommand does what cobra does with random programs and command lines", () => {
  const outcomes = { runs: 0, prints: 0, error: 0 };
  fc.assert(
    fc.property(
      program,
      fc.array(fc.array(argument, { maxLength: 7 }), { minLength: 10, maxLength: 10 }),
      (root, lines) => {
        const tree = profileTree(root);
        for (const args of lines) {
          const expected = execute(root, args);
          outcomes[expected.kind]++;
          if (expected.kind === "error") continue;
          const named = nameCommand(tree, args);
          assert.equal(named.counted, expected.kind === "runs", JSON.stringify(args));
          if (named.counted && expected.kind === "runs") assert.deepEqual(named.words, expected.words);
        }
      },
    ),
    { seed: 20_261_123, numRuns: 5_000 },
  );
  assert.ok(outcomes.runs > 10_000 && outcomes.prints > 1_000, JSON.stringify(outcomes));
});
