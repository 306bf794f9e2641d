import assert from "node:assert/strict";
import { test } from "node:test";
import { executablePaths } from "../../../../lib/system/windows/find.ts";

const some = { PATHEXT: ".EXE;.CMD", PATH: "C:\\bin" };
const find = (command: string, variables: Readonly<Record<string, string | undefined>> = some) =>
  executablePaths(command, (name) => variables[name]);

test("executablePaths() tries each ending in the working directory before it goes on to PATH", () => {
  assert.deepEqual(find("tool"), ["tool.exe", "tool.cmd", "C:\\bin\\tool.exe", "C:\\bin\\tool.cmd"]);
});

test("executablePaths() begins with the name itself when it has an ending", () => {
  assert.deepEqual(find("kubectl-gs.v2", { ...some, PATHEXT: ".EXE" }), [
    "kubectl-gs.v2",
    "kubectl-gs.v2.exe",
    "C:\\bin\\kubectl-gs.v2",
    "C:\\bin\\kubectl-gs.v2.exe",
  ]);
});

test("executablePaths() keeps the order of PATHEXT and passes over what is no ending", () => {
  assert.deepEqual(find("C:\\tool", { PATHEXT: ".bat; .Exe;;com;.a\\b" }), ["C:\\tool.bat", "C:\\tool.exe"]);
});

test("executablePaths() knows four endings when PATHEXT is unset or empty", () => {
  const endings = [".com", ".exe", ".bat", ".cmd"];
  for (const variables of [{}, { PATHEXT: "" }]) {
    assert.deepEqual(find("C:\\tool", variables), endings.map((ending) => `C:\\tool${ending}`));
  }
});

test("executablePaths() leaves the working directory out when the caller's rules say so", () => {
  const variables = { ...some, PATHEXT: ".EXE", NoDefaultCurrentDirectoryInExePath: "" };
  assert.deepEqual(find("tool", variables), ["C:\\bin\\tool.exe"]);
  assert.deepEqual(find(".\\tool", variables), [".\\tool.exe"]);
});

test("executablePaths() takes a name with a place as it is", () => {
  const names = [
    ".\\tool",
    "./tool",
    "C:tool",
    "C:\\a b\\tool",
    "\\\\server\\share\\tool",
    "\\\\?\\C:\\tool",
  ];
  for (const name of names) assert.deepEqual(find(name), [`${name}.exe`, `${name}.cmd`], name);
});

test("executablePaths() takes no notice of a dot in a directory's name", () => {
  assert.deepEqual(find("C:\\v1.2\\tool"), ["C:\\v1.2\\tool.exe", "C:\\v1.2\\tool.cmd"]);
});

test("executablePaths() reads quotes around names and around directories of PATH", () => {
  const variables = { PATHEXT: ".EXE", PATH: '"C:\\a;b";;C:\\c\\;"D:\\e f' };
  assert.deepEqual(find('"tool"', variables), [
    "tool.exe",
    "C:\\a;b\\tool.exe",
    "C:\\c\\tool.exe",
    "D:\\e f\\tool.exe",
  ]);
});

test("executablePaths() finds nothing when the name is empty", () => {
  for (const name of ["", '""']) assert.deepEqual(find(name), []);
});
