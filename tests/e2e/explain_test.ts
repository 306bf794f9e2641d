import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { appID, inWorld } from "../helpers/harness.ts";
import { inTerminal, noTerminal } from "../helpers/pseudo_terminal.ts";

const words = ["--", "kubectl", "gs", "login", "SECRET", "--token", "SECRET"];
const escape = "\u001b";
const heading = "A run would send this signal. Nothing was run, sent or written now.\n";

test("explain prints JSON when its output is no terminal, and a page when asked to", () =>
  inWorld(async (world) => {
    const before = readdirSync(world.home);
    const asJson = await world.run(["explain", ...words]);
    const [signal] = JSON.parse(asJson.stdout);
    assert.equal(asJson.stdout, `${JSON.stringify([signal], null, 2)}\n`);
    const page = await world.run(["explain", "--human", ...words]);
    assert.ok(page.stdout.startsWith(heading), page.stdout);
    assert.match(page.stdout, new RegExp(`^clientUser {2}${signal.clientUser}$`, "m"));
    assert.match(page.stdout, /^ {2}\$USER +tester$/m);
    for (const result of [asJson, page]) {
      assert.deepEqual([result.status, result.stderr], [0, ""]);
      assert.doesNotMatch(result.stdout, /SECRET|\p{Cc}(?<!\n)/u);
    }
    assert.deepEqual(readdirSync(world.home), before);
  }));

test("explain says what decides that nothing would be sent", () =>
  inWorld(async (world) => {
    const cases: [args: string[], env: Record<string, string>, page: string][] = [
      [
        ["kubectl", "gs", "login"],
        { DO_NOT_TRACK: "1" },
        "opted out by DO_NOT_TRACK.\nDecided by  DO_NOT_TRACK\n",
      ],
      [
        ["kubectl", "gs", "help"],
        {},
        "'help' is not counted.\nDecided by\n  the rule that calls for help, completion or the version, and hidden commands,\n" +
        "  are not counted\n",
      ],
      [
        ["true"],
        {},
        "no app ID is known; give --app-id or GS_TELEMETRY_APP_ID.\nDecided by  the lack of a profile for this command\n",
      ],
    ];
    for (const [command, env, page] of cases) {
      const { stdout, stderr, status } = await world.run(["explain", "--human", "--", ...command], { env });
      assert.equal(stdout, `Nothing would be sent: ${page}`);
      assert.deepEqual([status, stderr], [0, ""]);
    }
  }));

test("explain tells that a run of a command that does not exist sends nothing", () =>
  inWorld(async (world) => {
    const command = ["--app-id", appID, "--", "no-such-command"];
    const { stdout } = await world.run(["explain", "--human", ...command]);
    assert.match(stdout, /^Nothing would be sent: there is no such command\. /);
  }));

test("explain tells that --human and --json exclude each other", () =>
  inWorld(async (world) => {
    const { stderr, status } = await world.run(["explain", "--human", "--json", ...words]);
    assert.equal(stderr, "gs-telemetry: --human and --json exclude each other; give one of them\n");
    assert.equal(status, 125);
  }));

test(
  "explain shows a page that fits the terminal, in colour only where that is wanted",
  { skip: noTerminal },
  () =>
    inWorld(async (world) => {
      const script = `export GS_TELEMETRY_NO_NOTICE=1; gs explain ${words.join(" ")}; echo '<end>'`;
      const wide = await inTerminal(world, script);
      assert.ok(wide.startsWith(`${escape}[32mA run would send this signal.`), wide);
      assert.ok(wide.endsWith("<end>\n"));
      const plain = await inTerminal(world, script, { env: { NO_COLOR: "1" } });
      assert.ok(plain.startsWith(heading), plain);
      assert.ok(!plain.includes(escape));
      assert.ok(!(await inTerminal(world, script, { env: { TERM: "dumb" } })).includes(escape));
      assert.ok((await inTerminal(world, script, { env: { NO_COLOR: "" } })).includes(escape));
      const narrow = await inTerminal(world, script, { env: { NO_COLOR: "1" }, columns: 40 });
      assert.deepEqual(narrow.split("\n").filter((line) => line.length > 40), []);
      assert.match(narrow, /^clientUser\n {2}[0-9a-f]{38}\n {2}[0-9a-f]{26}$/m);
      assert.match(await inTerminal(world, `gs explain --json ${words.join(" ")}`), /^\[\n {2}\{\n/);
      assert.equal(existsSync(world.state), false);
    }),
);

test(
  "explain says that a notice comes before the first signal",
  { skip: noTerminal },
  () =>
    inWorld(async (world) => {
      const env = { NO_COLOR: "1" };
      const script = `gs explain ${words.join(" ")} | head -1`;
      const first = "Nothing would be sent: a notice comes before the first signal. ";
      assert.ok(
        (await inTerminal(world, `gs explain --human ${words.join(" ")}`, { env })).startsWith(first),
      );
      assert.match(await inTerminal(world, script, { env }), /^\[\n/);
    }),
);
