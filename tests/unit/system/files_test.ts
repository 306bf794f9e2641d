import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { completeFiles } from "../../../lib/system/files.ts";
import { system } from "../../../lib/system/mod.ts";
import { portableFiles } from "../../../lib/system/portable/files.ts";
import type { Files } from "../../../lib/system/system.ts";

const isWindows = process.platform === "win32";
const kinds = { "the system's own": system.files, portable: completeFiles(portableFiles()) };

/** Runs a test with each way to use files, in a folder of its own. */
function testFiles(name: string, run: (files: Files, folder: string) => void, { skip = false } = {}) {
  for (const [kind, files] of Object.entries(kinds)) {
    test(`${name} (${kind} files)`, { skip }, () => {
      const folder = mkdtempSync(join(tmpdir(), "gs-telemetry-test-"));
      try {
        run(files, folder);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
}

testFiles("replace() leaves the new text alone in the folder when there was an old one", (files, folder) => {
  writeFileSync(join(folder, "a.json"), "old");
  assert.deepEqual(files.replace(join(folder, "a.json"), "new"), { done: true });
  assert.deepEqual(readdirSync(folder), ["a.json"]);
  assert.equal(readFileSync(join(folder, "a.json"), "utf8"), "new");
});

testFiles("replace() gives the reason without the path when the folder is missing", (files, folder) => {
  const end = files.replace(join(folder, "no/a.json"), "new");
  assert.equal(end.done, false);
  assert.match(end.reason, /^no such file or directory$/);
});

testFiles("replace() leaves no unfinished file when it cannot be moved into place", (files, folder) => {
  mkdirSync(join(folder, "a.json"));
  writeFileSync(join(folder, "a.json/inside"), "");
  assert.equal(files.replace(join(folder, "a.json"), "new").done, false);
  assert.deepEqual(readdirSync(folder), ["a.json"]);
});

testFiles("makeDirectories() makes all that are missing and takes what is there", (files, folder) => {
  const path = join(folder, "a/b/c");
  assert.deepEqual(files.makeDirectories(path), { done: true });
  assert.deepEqual(files.makeDirectories(path), { done: true });
  assert.equal(isWindows ? 0o700 : lstatSync(path).mode & 0o777, 0o700);
});

testFiles("makeDirectories() makes no more directories than it is told", (files, folder) => {
  assert.equal(files.makeDirectories(join(folder, "a/b/c"), 2).done, false);
  assert.deepEqual(readdirSync(folder), []);
});

testFiles("makeDirectories() fails when a file stands in the way", (files, folder) => {
  writeFileSync(join(folder, "a"), "");
  assert.equal(files.makeDirectories(join(folder, "a")).done, false);
  assert.equal(files.makeDirectories(join(folder, "a/b")).done, false);
});

testFiles("removeTree() deletes a directory file by file and follows no link", (files, folder) => {
  mkdirSync(join(folder, "kept"));
  writeFileSync(join(folder, "kept/file"), "");
  mkdirSync(join(folder, "tree/inner"), { recursive: true });
  for (const name of ["tree/.dot", "tree/inner/file"]) writeFileSync(join(folder, name), "");
  symlinkSync(join(folder, "kept"), join(folder, "tree/link"));
  execFileSync("mkfifo", [join(folder, "tree/fifo")]);
  assert.deepEqual(files.removeTree(join(folder, "tree")), { done: true });
  assert.deepEqual(readdirSync(folder), ["kept"]);
  assert.deepEqual(readdirSync(join(folder, "kept")), ["file"]);
}, { skip: isWindows });

testFiles("removeTree() deletes a file, a link to itself, and nothing", (files, folder) => {
  writeFileSync(join(folder, "file"), "");
  symlinkSync("loop", join(folder, "loop"));
  for (const name of ["file", "loop", "nothing"]) {
    assert.deepEqual(files.removeTree(join(folder, name)), { done: true }, name);
  }
  assert.deepEqual(readdirSync(folder), []);
}, { skip: isWindows });

testFiles("removeTree() tells why when a file cannot be deleted", (files, folder) => {
  mkdirSync(join(folder, "tree"));
  writeFileSync(join(folder, "tree/file"), "");
  execFileSync("chattr", ["+i", join(folder, "tree")]);
  try {
    const end = files.removeTree(join(folder, "tree"));
    assert.equal(end.done, false);
    assert.match(end.reason, /^operation not permitted$/);
    assert.ok(existsSync(join(folder, "tree/file")));
  } finally {
    execFileSync("chattr", ["-i", join(folder, "tree")]);
  }
}, { skip: !canMakeImmutable() });

testFiles("list() gives all names, those of FIFOs and hidden files too", (files, folder) => {
  for (const name of ["a.json", ".b", "c"]) writeFileSync(join(folder, name), "");
  mkdirSync(join(folder, "d"));
  execFileSync("mkfifo", [join(folder, "e.json")]);
  assert.deepEqual(files.list(folder).sort(), [".b", "a.json", "c", "d", "e.json"]);
  assert.deepEqual(files.listFiles(folder, ".json").filter((name) => name !== "e.json"), ["a.json"]);
  assert.deepEqual(files.list(join(folder, "nothing")), []);
}, { skip: isWindows });

testFiles("status() tells a link, a directory and a file apart", (files, folder) => {
  writeFileSync(join(folder, "file"), "12345");
  symlinkSync("file", join(folder, "link"));
  const { isFile, isDirectory, isLink, size, uid, modifiedAt } = files.status(join(folder, "file"))!;
  assert.deepEqual({ isFile, isDirectory, isLink, size }, {
    isFile: true,
    isDirectory: false,
    isLink: false,
    size: 5,
  });
  assert.equal(uid, process.getuid?.());
  assert.ok(Math.abs(modifiedAt - Date.now()) < 3_600_000);
  assert.equal(files.status(join(folder, "link"))?.isLink, true);
  assert.equal(files.status(folder)?.isDirectory, true);
  assert.equal(files.status(join(folder, "nothing")), undefined);
}, { skip: isWindows });

testFiles("stamp() follows a link and changes with the file", (files, folder) => {
  writeFileSync(join(folder, "file"), "1");
  symlinkSync("file", join(folder, "link"));
  const before = files.stamp(join(folder, "link"));
  writeFileSync(join(folder, "file"), "12");
  assert.notEqual(files.stamp(join(folder, "link")), before);
  assert.equal(files.stamp(join(folder, "nothing")), undefined);
}, { skip: isWindows });

testFiles("readOptional() reads a file of any size and says why it cannot", (files, folder) => {
  const text = "ä".repeat(100_000);
  writeFileSync(join(folder, "file"), text);
  assert.deepEqual(files.readOptional(join(folder, "file")), { kind: "text", text });
  assert.deepEqual(files.readOptional(join(folder, "nothing")), { kind: "missing" });
  const unreadable = files.readOptional(folder);
  assert.equal(unreadable.kind, "unreadable");
  assert.match(unreadable.reason, /directory$/i);
}, { skip: isWindows });

function canMakeImmutable(): boolean {
  if (process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), "gs-telemetry-test-"));
  try {
    execFileSync("chattr", ["+i", folder], { stdio: "ignore" });
    execFileSync("chattr", ["-i", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
