import assert from "node:assert/strict";
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { findMisplaced, moveAside } from "../../../lib/delivery/misplaced.ts";
import { type FileStatus, system } from "../../../lib/system/mod.ts";
import { type FakeState, inFakeState } from "../../helpers/fake_surroundings.ts";

function besides({ path }: FakeState): string[] {
  return readdirSync(path).map((name) => name.replace(/\.aside-\d+-[0-9a-f]{8}$/, ".aside")).sort();
}

/** Runs a test as if the file were another user's. */
function asOthers(path: string, test: () => void): void {
  const { status } = system.files;
  system.files.status = (asked) => {
    const found = status(asked);
    return asked === path && found ? { ...found, uid: found.uid + 1 } as FileStatus : found;
  };
  try {
    test();
  } finally {
    system.files.status = status;
  }
}

test("moveAside() moves what is of another kind, and keeps it", () =>
  inFakeState((state) => {
    assert.equal(moveAside(state.queue, "directory"), false);
    assert.equal(moveAside(state.courierLock, "file"), false);
    rmSync(state.queue, { recursive: true });
    writeFileSync(state.queue, "mine");
    mkdirSync(state.courierLock);
    assert.equal(moveAside(state.queue, "directory"), true);
    assert.equal(moveAside(state.courierLock, "file"), true);
    assert.deepEqual(besides(state), ["courier.lock.aside", "queue.aside"]);
    const aside = readdirSync(state.path).find((name) => name.startsWith("queue"))!;
    assert.equal(readFileSync(join(state.path, aside), "utf8"), "mine");
    assert.equal(moveAside(state.queue, "directory"), false);
  }));

test("moveAside() judges a link by what it leads to", () =>
  inFakeState((state) => {
    const elsewhere = join(state.path, "elsewhere");
    mkdirSync(elsewhere);
    rmSync(state.queue, { recursive: true });
    symlinkSync(elsewhere, state.queue);
    symlinkSync(elsewhere, state.courierLock);
    assert.deepEqual([moveAside(state.queue, "directory"), moveAside(state.courierLock, "file")], [
      false,
      true,
    ]);
    assert.ok(lstatSync(state.queue).isSymbolicLink());
    rmSync(elsewhere, { recursive: true });
    assert.equal(moveAside(state.queue, "directory"), true);
  }));

test("moveAside() leaves another user's alone", () =>
  inFakeState((state) => {
    mkdirSync(state.courierLock);
    asOthers(state.courierLock, () => assert.equal(moveAside(state.courierLock, "file"), false));
    assert.deepEqual(besides(state), ["courier.lock", "queue"]);
  }));

test("moveAside() brings back the directory that another process has made meanwhile", () =>
  inFakeState((state) => {
    for (const isMadeAgain of [false, true]) {
      rmSync(state.queue, { recursive: true, force: true });
      writeFileSync(state.queue, "mine");
      const { rename } = system.files;
      system.files.rename = (from, to) => {
        system.files.rename = rename;
        // The other one was first: here stands its queue, with a signal.
        rmSync(from);
        mkdirSync(from);
        writeFileSync(join(from, "signal.json"), "");
        const isMoved = rename(from, to);
        if (isMadeAgain) {
          mkdirSync(from);
          writeFileSync(join(from, "another.json"), "");
        }
        return isMoved;
      };
      assert.equal(moveAside(state.queue, "directory"), true);
      const expected = isMadeAgain ? ["another.json", "signal.json"] : ["signal.json"];
      assert.deepEqual(readdirSync(state.queue).sort(), expected);
      assert.deepEqual(besides(state), ["queue"]);
    }
  }));

test("moveAside() says whether another process has moved it first", () =>
  inFakeState((state) => {
    const { rename } = system.files;
    for (const isMoved of [true, false]) {
      rmSync(state.queue, { recursive: true, force: true });
      writeFileSync(state.queue, "mine");
      system.files.rename = (from) => {
        if (isMoved) rmSync(from);
        return false;
      };
      try {
        assert.equal(moveAside(state.queue, "directory"), isMoved);
      } finally {
        system.files.rename = rename;
      }
    }
  }));

test("findMisplaced() says what stands in the way, and changes nothing", () =>
  inFakeState((state) => {
    const env = () => undefined;
    assert.deepEqual(findMisplaced(state, env), []);
    rmSync(state.queue, { recursive: true });
    writeFileSync(state.queue, "mine");
    mkdirSync(state.courierLock);
    const lock = `${state.courierLock} is no file; the next run moves it aside`;
    assert.deepEqual(findMisplaced(state, env), [
      `${state.queue} is no directory; the next run moves it aside`,
      lock,
    ]);
    asOthers(state.queue, () =>
      assert.deepEqual(
        findMisplaced(state, (name) => name === "HOME" ? state.path : undefined),
        [
          `~/queue belongs to another user and is no directory, so nothing is sent; delete or rename it`,
          `~/${basename(state.courierLock)} is no file; the next run moves it aside`,
        ],
      ));
    assert.deepEqual(besides(state), ["courier.lock", "queue"]);
  }));
