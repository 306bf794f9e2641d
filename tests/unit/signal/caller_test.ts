import assert from "node:assert/strict";
import { test } from "node:test";
import { findCaller } from "../../../lib/signal/caller.ts";
import { system } from "../../../lib/system/mod.ts";

/** Finds the caller of a process with these terminals. */
function callerOf(variables: Record<string, string>, terminals: readonly number[], isOwnJob?: boolean) {
  const before = { isTerminal: system.isTerminal, isOwnJob: system.isOwnJob };
  Object.assign(system, {
    isTerminal: (descriptor: number) => terminals.includes(descriptor),
    isOwnJob: () => isOwnJob,
  });
  try {
    const { caller, rule } = findCaller((name) => variables[name]);
    return [caller, rule];
  } finally {
    Object.assign(system, before);
  }
}

const person = ["person", "It runs at a terminal, and no other rule fits."];
const noTerminal = ["script", "Neither standard error nor standard input is a terminal."];
const noJob = ["script", "It was started by a program, not by a shell that somebody types into."];

test("findCaller() takes the first rule that fits", () => {
  assert.deepEqual(callerOf({}, [2]), person);
  assert.deepEqual(callerOf({}, [0]), person);
  assert.deepEqual(callerOf({}, [0, 2], true), person);
  assert.deepEqual(callerOf({}, [1]), noTerminal);
  assert.deepEqual(callerOf({}, [2], false), noJob);
  for (const name of ["MAKELEVEL", "GIT_EXEC_PATH"]) {
    assert.deepEqual(callerOf({ [name]: "1" }, [2], false), ["script", `${name} is set.`]);
    assert.deepEqual(callerOf({ [name]: "" }, [2], true), person);
  }
  assert.deepEqual(callerOf({ CI: "1", MAKELEVEL: "1" }, []), ["ci", "CI is set."]);
  assert.deepEqual(callerOf({ CI: "1", CLAUDECODE: "1" }, [2]), ["agent", "CLAUDECODE is set."]);
});
