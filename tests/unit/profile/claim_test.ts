import assert from "node:assert/strict";
import { test } from "node:test";
import { claimCommand, matchOf, standingOf, strongest } from "../../../lib/profile/claim.ts";
import {
  baseName,
  type Candidate,
  isStronger,
  type Origin,
  type Profile,
  wholeCandidate,
} from "../../../lib/profile/profile.ts";

function candidate(name: string, match: Profile["match"] | undefined, origin: Origin = "user"): Candidate {
  const profile = { name, displayName: name, match: match ?? [], root: { name } };
  return { ...wholeCandidate(profile, `/${name}.json`, origin), match };
}

const kubectl = candidate("kubectl", [["kubectl"]]);
const builtIn = candidate("gs", [["kubectl", "gs"], ["kubectl-gs"]], "built in");
const brand = candidate("brand", [["kubectl", "gs"]], "brand");
const user = candidate("user", [["kubectl", "gs"], ["kubectl", "gs", "get"]]);
const unreadable = candidate("unreadable", undefined);

function claimed(candidates: Candidate[], command: string): string {
  const claim = claimCommand(candidates, command.split(" "));
  if (claim.kind !== "match") return claim.kind === "problem" ? claim.problem : "none";
  const { profile, args, source, origin, replaced = [] } = claim.match;
  return [profile.name, source, origin, args.join(" "), replaced.map(({ name }) => name).join(" ")].join("|");
}

test("isStronger() has the user's profile before the brand's before the built-in one", () => {
  const strengths = [builtIn, brand, user].map((one) =>
    [builtIn, brand, user].map((other) => isStronger(one, other))
  );
  assert.deepEqual(strengths, [[false, false, false], [true, false, false], [true, true, false]]);
  assert.deepEqual(strongest([builtIn, user, brand, kubectl]), [user, kubectl]);
  assert.deepEqual(strongest([]), []);
  assert.equal(wholeCandidate(user.load([]), "x").origin, "user");
});

test("claimCommand() takes the longest claim, and of the same ones that of the strongest origin", () => {
  for (const candidates of [[kubectl, builtIn, brand], [brand, builtIn, kubectl]]) {
    assert.equal(claimed(candidates, "kubectl gs x"), "brand|/brand.json|brand|x|gs");
    assert.equal(claimed(candidates, "kubectl-gs"), "gs|/gs.json|built in||");
    assert.equal(claimed(candidates, "/bin/kubectl.exe get gs"), "kubectl|/kubectl.json|user|get gs|");
  }
  const all = [builtIn, unreadable, user, brand, kubectl];
  assert.equal(claimed(all, "kubectl gs x"), "user|/user.json|user|x|gs brand");
  assert.equal(claimed(all, "kubectl gs get x"), "user|/user.json|user|x|");
  assert.equal(claimed(all, "helm"), "none");
  assert.equal(claimed([unreadable, candidate("empty", [[]])], "helm"), "none");
});

test("claimCommand() has a problem if two of one origin claim the same, or if the profile has one", () => {
  const twin = candidate("twin", [["kubectl"]]);
  assert.equal(
    claimed([kubectl, twin], "kubectl get"),
    "profiles kubectl (/kubectl.json) and twin (/twin.json) both claim 'kubectl'; choose one with --profile",
  );
  assert.equal(claimed([{ ...kubectl, problem: "is broken" }, builtIn], "kubectl get"), "is broken");
  assert.equal(
    claimed([{ ...kubectl, problem: "is broken" }, builtIn], "kubectl gs"),
    "gs|/gs.json|built in||",
  );
  const failing = {
    ...kubectl,
    load() {
      throw new Error("has changed");
    },
  };
  assert.equal(claimed([failing], "kubectl"), "profile /kubectl.json: has changed");
});

test("matchOf() keeps the words, the origin and the advice", () => {
  const asked: (readonly string[])[] = [];
  const load = (args: readonly string[]) => {
    asked.push(args);
    return kubectl.load(args);
  };
  const { profile, args, source, origin, advice } = matchOf({ ...kubectl, advice: "Old", load }, ["a"]);
  assert.deepEqual([profile.name, args, source, origin, advice], [
    "kubectl",
    ["a"],
    "/kubectl.json",
    "user",
    "Old",
  ]);
  assert.deepEqual(asked, [["a"]]);
});

test("standingOf() tells which claims others have taken, and which stand in each other's way", () => {
  const all = [kubectl, builtIn, brand, unreadable];
  assert.deepEqual(standingOf(kubectl, all), {});
  assert.deepEqual(standingOf(unreadable, all), {});
  assert.deepEqual(standingOf(brand, all), {});
  assert.deepEqual(standingOf(builtIn, all), {
    replacedBy: { source: "/brand.json", claims: ["kubectl gs"] },
  });
  const both = candidate("both", [["kubectl-gs"], ["kubectl", "gs"]]);
  assert.deepEqual(standingOf(builtIn, [...all, both]), {
    replacedBy: { source: "/both.json", claims: ["kubectl gs", "kubectl-gs"] },
  });
  const twin = candidate("twin", [["other"], ["kubectl"]]);
  const conflict =
    "profiles kubectl (/kubectl.json) and twin (/twin.json) both claim 'kubectl'; choose one with --profile";
  assert.deepEqual([standingOf(kubectl, [...all, twin]), standingOf(twin, [...all, twin])], [
    { conflict },
    { conflict },
  ]);
});

test("baseName() is the name behind the last separator, without .exe", () => {
  const names: [path: string, name: string][] = [
    ["acme", "acme"],
    ["/a/b\\c", "c"],
    ["a\\b/c", "c"],
    ["/x/", ""],
    ["acme.exe.EXE", "acme.exe"],
    [".exe", ""],
  ];
  for (const [path, name] of names) assert.equal(baseName(path), name, path);
});
