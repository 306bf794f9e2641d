import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { StateDirectory } from "../../../lib/directories/state_directory.ts";
import { cachedCandidates } from "../../../lib/profile/cache.ts";
import { refreshCache } from "../../../lib/profile/cache_writer.ts";
import type { Claim } from "../../../lib/profile/claim.ts";
import { readCandidates, readProfile } from "../../../lib/profile/file.ts";
import { folderCandidates, listProfileFiles } from "../../../lib/profile/folder.ts";
import { allCandidates, profileAskedFor, selectProfile } from "../../../lib/profile/select.ts";
import { surveyProfiles } from "../../../lib/profile/survey.ts";
import type { Environment } from "../../../lib/runtime/runtime.ts";
import { hashUser } from "../../../lib/signal/user.ts";
import { appID } from "../../helpers/constants.ts";

interface Folder {
  readonly path: string;
  readonly env: Environment;
  readonly state: StateDirectory;
  /** Puts a file into the directory of the profiles and returns its path. */
  put(file: string, value: unknown): string;
}

async function inFolder(test: (folder: Folder) => void | Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "gs-telemetry-test-"));
  const path = `${home}/config/gs-telemetry/profiles`;
  const state = new StateDirectory(`${home}/state/gs-telemetry`);
  const variables: Record<string, string> = {
    XDG_CONFIG_HOME: `${home}/config`,
    XDG_STATE_HOME: `${home}/state`,
    ACME_OPTOUT: "1",
    USER: "ada",
  };
  mkdirSync(path, { recursive: true });
  mkdirSync(state.path, { recursive: true });
  try {
    await test({
      path,
      state,
      env: (name) => variables[name],
      put(file, value) {
        writeFileSync(`${path}/${file}`, typeof value === "string" ? value : JSON.stringify(value));
        return `${path}/${file}`;
      },
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function profile(name: string, changes: object = {}) {
  return { name, displayName: name, match: [[name]], root: { name }, ...changes };
}

function summary(claim: Claim): string {
  if (claim.kind !== "match") return claim.kind === "problem" ? claim.problem : "none";
  return `${claim.match.profile.name} from ${claim.match.source}: ${claim.match.args.join(" ")}`;
}

test("listProfileFiles() lists what ends with .json and begins with no dot, and sees each change", () =>
  inFolder(({ path, env, put }) => {
    const none = { paths: [], stamp: "" };
    assert.deepEqual(listProfileFiles(() => undefined), none);
    assert.deepEqual(listProfileFiles((name) => name === "HOME" ? "/no/such/home" : undefined), none);
    const files = ["b.json", "a.json"].map((file) => put(file, {}));
    for (const file of [".c.json", "d.json.bak", "e.txt"]) put(file, {});
    const { paths, stamp } = listProfileFiles(env);
    assert.deepEqual(paths, files.toSorted());
    assert.equal(listProfileFiles(env).stamp, stamp);
    utimesSync(join(path, "a.json"), 1, 1);
    assert.notEqual(listProfileFiles(env).stamp, stamp);
  }));

test("readProfile() says what is wrong with a file", () =>
  inFolder(({ path, put }) => {
    const right = put("acme.json", profile("acme"));
    const { name, source, origin, match, advice } = readProfile(right);
    assert.deepEqual([name, source, origin, match, advice], ["acme", right, "user", [["acme"]], undefined]);
    assert.deepEqual(readProfile(right).load([]), profile("acme"));
    const missing = `${path}/missing.json`;
    assert.throws(() => readProfile(missing), (error: Error) => {
      assert.equal(error.name, "UsageError");
      assert.ok(error.message.startsWith(`profile ${missing}: cannot be read: `), error.message);
      assert.ok(error.message.length > `profile ${missing}: cannot be read: `.length);
      return error.cause instanceof Error;
    });
    const broken = put("broken.json", "{");
    assert.throws(() => readProfile(broken), (error: Error) => {
      assert.equal(error.name, "UsageError");
      assert.match(error.message.slice(`profile ${broken}`.length), /^: is not JSON: .+/);
      return error.cause instanceof Error;
    });
  }));

test("readProfile() advises on keys that have other names now", () =>
  inFolder(({ put }) => {
    const old = put("old.json", profile("old", { optOut: "A", testMode: "B" }));
    const advice =
      "'optOut' is now called 'optOutVariable' and 'testMode' is now called 'testModeVariable'; the old name still works";
    assert.equal(readProfile(old).advice, advice);
    assert.equal(readCandidates([old])[0].advice, advice);
  }));

test("readCandidates() keeps what can be read of a broken profile", () =>
  inFolder(({ put }) => {
    const files: [file: string, value: unknown, name: string, match: unknown][] = [
      ["a.json", "{", "a", undefined],
      ["b.json", "null", "b", undefined],
      ["c.json", { name: "mine", match: [["x", "y"], []] }, "mine", [["x", "y"], []]],
      ["d.json", { name: 1, match: "x" }, "d", undefined],
      ["e.json", { match: ["x"] }, "e", undefined],
      ["f.json", { match: [["x", 1]] }, "f", undefined],
    ];
    for (const [file, value, name, match] of files) {
      const path = put(file, value);
      const [candidate] = readCandidates([path]);
      assert.deepEqual([candidate.name, candidate.source, candidate.origin], [name, path, "user"], file);
      assert.deepEqual(candidate.match, match, file);
      assert.ok(candidate.problem?.startsWith(`profile ${path}: `), candidate.problem);
      assert.throws(() => candidate.load([]), { name: "UsageError", message: candidate.problem });
    }
    const deep = put("deep.json", `${'{"root":{"commands":['.repeat(9_000)}${"]}}".repeat(9_000)}`);
    const [candidate] = readCandidates([deep]);
    assert.ok(candidate.problem?.startsWith(`profile ${deep}: `));
  }));

test("selectProfile() takes the profile that claims the command, by any of its names", () =>
  inFolder(async ({ path, env, put }) => {
    const file = put("acme.json", profile("acme"));
    const links = [`${path}/linked`, `${path}/twice`, `${path}/absolute`, `${path}/loop`];
    symlinkSync("../profiles/acme", links[0]);
    symlinkSync("linked", links[1]);
    symlinkSync("/opt/acme", links[2]);
    symlinkSync("loop", links[3]);
    const select = async (command: string, executable?: string) =>
      summary(await selectProfile(command.split(" "), executable, env));
    assert.equal(await select("acme x y"), `acme from ${file}: x y`);
    assert.equal(await select("other x"), "none");
    for (const link of links.slice(0, 3)) assert.equal(await select("other x", link), `acme from ${file}: x`);
    assert.equal(await select("other x", links[3]), "none");
    assert.equal(await select("other x", `${path}/acme.json`), "none");
    assert.equal(await select("kubectl gs login", links[0]), "kubectl-gs from built in: login");
  }));

test("selectProfile() follows as many links as Linux does", () =>
  inFolder(async ({ path, env, put }) => {
    const file = put("acme.json", profile("acme"));
    symlinkSync("acme", `${path}/link1`);
    for (let count = 2; count <= 41; count++) symlinkSync(`link${count - 1}`, `${path}/link${count}`);
    const select = async (link: string) => summary(await selectProfile(["x"], `${path}/${link}`, env));
    assert.equal(await select("link40"), `acme from ${file}: `);
    assert.equal(await select("link41"), "none");
  }));

test("selectProfile() has a problem with all that nobody claims while a profile cannot be read", () =>
  inFolder(async ({ env, put }) => {
    const broken = put("broken.json", "{");
    const select = async (command: string) =>
      summary(await selectProfile(command.split(" "), undefined, env));
    assert.match(await select("acme"), /^profile .*broken\.json: is not JSON: /);
    assert.equal(await select("kubectl gs get"), "kubectl-gs from built in: get");
    rmSync(broken);
    // It was to hold in place of the built-in one.
    put("kubectl.json", { name: "kubectl-gs" });
    assert.match(await select("kubectl gs get"), /^profile .*kubectl\.json: displayName is missing$/);
    put("acme.json", { match: [["acme"]] });
    assert.match(await select("acme"), /^profile .*acme\.json: name is missing$/);
  }));

test("profileAskedFor() finds a profile by name, path or file, whether or not it claims the command", () =>
  inFolder(async ({ env, put, path }) => {
    const file = put("acme.json", profile("acme", { match: [["acme", "sub"], ["acme"]] }));
    const ask = async (wanted: string, command: string) =>
      summary(await profileAskedFor(wanted, command.split(" "), env));
    assert.equal(await ask("acme", "acme sub x"), `acme from ${file}: x`);
    assert.equal(await ask("acme", "other sub x"), `acme from ${file}: sub x`);
    assert.equal(await ask(file, "other x"), `acme from ${file}: x`);
    assert.equal(await ask("kubectl-gs", "x get"), "kubectl-gs from built in: get");
    await assert.rejects(ask("acme.json", "x"), { message: /^profile acme\.json: cannot be read: / });
    await assert.rejects(ask(".\\acme", "x"), { message: /^profile \.\\acme: cannot be read: / });
    await assert.rejects(ask("nope", "x"), {
      name: "UsageError",
      message: "unknown profile 'nope'; known are kubectl-gs, acme, and files by a path or with .json",
    });
    put("other.json", profile("acme"));
    await assert.rejects(ask("acme", "x"), {
      name: "UsageError",
      message: `there are two profiles 'acme': ${file} and ${path}/other.json; give the file`,
    });
  }));

test("profileAskedFor() loads a profile that is not in the cache, and throws if it is broken", () =>
  inFolder(async ({ env, put }) => {
    put("acme.json", profile("acme", { identity: "x" }));
    await assert.rejects(profileAskedFor("acme", ["acme"], env), { name: "UsageError", message: /identity/ });
  }));

test("folderCandidates() are those of the cache while that is fresh, otherwise those of the files", () =>
  inFolder(async ({ env, put, state }) => {
    assert.deepEqual(await folderCandidates(env), []);
    await refreshCache(state, env);
    assert.deepEqual(cachedCandidates(state, ""), undefined);
    put("acme.json", profile("acme", { root: { name: "acme", commands: [{ name: "a" }, { name: "b" }] } }));
    const [whole] = await folderCandidates(env);
    assert.equal(whole.load([]).root.commands?.length, 2);
    await refreshCache(state, env);
    const [cached] = await folderCandidates(env);
    // From the cache come those commands alone that the arguments may call.
    assert.deepEqual(cached.load(["a"]).root.commands?.map(({ name }) => name), ["a"]);
    put("acme.json", profile("acme", { displayName: "another" }));
    const [fresh] = await folderCandidates(env);
    assert.equal(fresh.load([]).displayName, "another");
    await refreshCache(state, env);
    assert.equal((await folderCandidates(env))[0].load([]).displayName, "another");
    assert.equal((await allCandidates(env)).length, 2);
  }));

test("refreshCache() leaves a fresh cache alone, keeps problems and advice, and leaves no other file", () =>
  inFolder(async ({ env, put, state }) => {
    put("a.json", profile("acme", { optOut: "A" }));
    put("b.json", { name: "broken", match: [["b"]] });
    writeFileSync(`${state.profileCache}.new`, "left over");
    await refreshCache(state, env);
    const text = readFileSync(state.profileCache, "utf8");
    const [first, second] = await folderCandidates(env);
    assert.match(first.advice ?? "", /'optOut' is now called/);
    assert.deepEqual([first.problem, second.name, second.match], [undefined, "broken", [["b"]]]);
    assert.match(second.problem ?? "", /displayName is missing/);
    writeFileSync(state.profileCache, `${text}\n`);
    await refreshCache(state, env);
    assert.equal(readFileSync(state.profileCache, "utf8"), `${text}\n`);
  }));

test("surveyProfiles() tells all about each profile", () =>
  inFolder(async ({ env, put }) => {
    const acme = put("acme.json", profile("acme", { optOutVariable: "ACME_OPTOUT", identity: "machine" }));
    const broken = put("broken.json", { name: "broken" });
    const kubectl = put("kubectl.json", profile("mine", { match: [["kubectl", "gs"]] }));
    const one = put("one.json", profile("one", { match: [["same", "words"]], optOut: "X" }));
    put("two.json", profile("two", { match: [["same", "words"]] }));
    const [builtIn, ...others] = await surveyProfiles(env);
    const { problem, replacedBy, ...rest } = builtIn;
    assert.deepEqual([problem, replacedBy], [null, { source: kubectl, claims: ["kubectl gs"] }]);
    const reference = await hashUser(undefined, env);
    assert.deepEqual(rest, {
      name: "kubectl-gs",
      source: "built in",
      origin: "built in",
      claims: ["kubectl gs", "kubectl-gs"],
      appID,
      advice: null,
      optedOutBy: null,
      clientUser: reference,
    });
    const byName = new Map(others.map((each) => [each.name, each]));
    assert.deepEqual(byName.get("acme"), {
      name: "acme",
      source: acme,
      origin: "user",
      claims: ["acme"],
      appID: null,
      problem: null,
      replacedBy: null,
      advice: null,
      optedOutBy: "ACME_OPTOUT",
      clientUser: await hashUser("machine", env),
    });
    const { problem: why, claims, clientUser, optedOutBy } = byName.get("broken")!;
    assert.deepEqual([why, claims, clientUser, optedOutBy], [
      `profile ${broken}: displayName is missing`,
      [],
      null,
      null,
    ]);
    assert.match(
      byName.get("one")?.problem ?? "",
      /^profiles one \(.*\) and two \(.*\) both claim 'same words'/,
    );
    assert.match(byName.get("one")?.advice ?? "", /'optOut' is now/);
    assert.equal(byName.get("one")?.source, one);
  }));
