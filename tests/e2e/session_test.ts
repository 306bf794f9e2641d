import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { appID } from "../helpers/constants.ts";
import { inWorld, program, type World } from "../helpers/harness.ts";
import { noTerminal } from "../helpers/pseudo_terminal.ts";
import { converse } from "../helpers/terminal.ts";

const profile = {
  name: "acme",
  displayName: "acme",
  match: [["true"]],
  appID,
  session: "terminal",
  root: { name: "a" },
};
const version5 = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const version4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Makes `gs`, which becomes the program and writes its signal into a file. */
function install(world: World): void {
  const words = program.map((word) => `'${word}'`).join(" ");
  writeFileSync(join(world.home, "acme.json"), JSON.stringify(profile));
  const explain =
    `exec ${words} explain --json --profile "$HOME/acme.json" "$@" -- true >"$HOME/signal.json"`;
  writeFileSync(join(world.bin, "gs"), `#!/bin/sh\n${explain}\n`, { mode: 0o755 });
}

function foundSession(world: World): string {
  const file = join(world.home, "signal.json");
  const [{ sessionID }] = JSON.parse(readFileSync(file, "utf8"));
  rmSync(file);
  return sessionID;
}

/** Types lines into a terminal of their own; gives the session of each. */
async function sessionsOf(world: World, lines: readonly string[]): Promise<string[]> {
  const sessions: string[] = [];
  await converse(world, [], async (terminal) => {
    for (const line of lines) {
      terminal.type(`${line}\n`);
      await terminal.prompt();
      sessions.push(foundSession(world));
    }
  });
  return sessions;
}

test(
  "all runs in one terminal share a session, and those in another one do not",
  { skip: noTerminal },
  () =>
    inWorld(async (world) => {
      install(world);
      const lines = ["gs", "gs </dev/null", "sh -c 'gs; true'", "USER=other gs", `gs --session ${appID}`];
      const [first, second, inScript, ofOther, given] = await sessionsOf(world, lines);
      assert.match(first, version5);
      assert.deepEqual([second, inScript], [first, first]);
      assert.match(ofOther, version5);
      assert.notEqual(ofOther, first);
      assert.equal(given, appID);
      const [elsewhere] = await sessionsOf(world, ["gs"]);
      assert.match(elsewhere, version5);
      assert.notEqual(elsewhere, first);
    }),
);

test("without a terminal each run has a session of its own", () =>
  inWorld(async (world) => {
    install(world);
    const sessions: string[] = [];
    for (let run = 0; run < 2; run++) {
      await world.execute(["setsid", "--wait", "sh", "-c", "gs"]);
      sessions.push(foundSession(world));
    }
    assert.notEqual(sessions[0], sessions[1]);
    for (const session of sessions) assert.match(session, version4);
    const { stdout } = await world.run(["explain", "--human", "--profile", "acme.json", "--", "true"]);
    assert.match(stdout, /^ {2}(Random, since this is no terminal|From the profile's session)\./m);
  }));
