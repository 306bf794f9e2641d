import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "node:test";
import kubectl from "../../fixtures/kubectl.profile.json" with { type: "json" };
import { type CommandTree, nameCommand } from "../../../lib/profile/name.ts";
import { builtInProfiles } from "../../../lib/library/profiles.ts";

const trees: readonly CommandTree[] = [builtInProfiles[0].root, kubectl.root];

function commands(tree: CommandTree): CommandTree[] {
  return [tree, ...(tree.commands ?? []).flatMap(commands)];
}

// 16 digits at random: a secret that was leaked cannot be taken for anything else.
const secret = fc.stringMatching(/^SECRET[0-9]{16}$/);

function commandLine(tree: CommandTree): fc.Arbitrary<string[]> {
  const all = commands(tree);
  const words = all.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  const flags = all.flatMap(({ valueFlags = [], boolFlags = [] }) => [...valueFlags, ...boolFlags]);
  const flag = fc.constantFrom(...flags, "--unknown", "-u");
  const argument = fc.oneof(
    { arbitrary: fc.constantFrom(...words).map((word) => [word]), weight: 4 },
    { arbitrary: secret.map((value) => [value]), weight: 3 },
    { arbitrary: fc.tuple(flag, secret).map(([name, value]) => [name, value]), weight: 2 },
    { arbitrary: fc.tuple(flag, secret).map(([name, value]) => [`${name}=${value}`]), weight: 2 },
    { arbitrary: fc.tuple(flag, secret).map(([name, value]) => [`${name}${value}`]), weight: 1 },
    {
      arbitrary: fc.tuple(fc.constantFrom(...words), secret).map(([word, value]) => [`${word}${value}`]),
      weight: 1,
    },
    { arbitrary: fc.constantFrom(["--"], [""], ["-"], ["-h"], ["--help"]), weight: 1 },
  );
  return fc.array(argument, { maxLength: 9 }).map((parts) => parts.flat());
}

test("nameCommand lets no secret of 20,000 random command lines into a name or a reason", () => {
  for (const tree of trees) {
    const known = new Set(commands(tree).map(({ name }) => name));
    fc.assert(
      fc.property(commandLine(tree), (args) => {
        const named = nameCommand(tree, args);
        assert.doesNotMatch(JSON.stringify(named), /SECRET|[0-9]{8}/);
        if (named.counted) assert.ok(named.words.every((word) => known.has(word)));
      }),
      { seed: 20_261_123, numRuns: 10_000 },
    );
  }
});
