import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inWorld, otherAppID } from "../helpers/harness.ts";
import { inTerminal, noTerminal } from "../helpers/pseudo_terminal.ts";

const profile = { name: "acme", displayName: "acme", match: [["acme"]], root: { name: "acme" } };

/** The words between `run` and the command, and the line on stderr. */
const wrong: [words: string[], line: RegExp][] = [
  [["--colour"], /^gs-telemetry: unknown option '--colour'[^\n]*; see gs-telemetry run --help\n$/],
  [["--app-id", "acme"], /^gs-telemetry: --app-id is 'acme' but should be a UUID, such as [^\n]+\n$/],
  [["--endpoint", "acme"], /^gs-telemetry: --endpoint is 'acme' but should be an https URL, [^\n]+\n$/],
  [
    ["--endpoint", "http://example.org/"],
    /^gs-telemetry: --endpoint is 'http:\/\/example\.org\/' but [^\n]+\n$/,
  ],
  [["--name", "acme", "--app-id", "acme\nacme"], /^gs-telemetry: --app-id is 'acme acme' but [^\n]+\n$/],
  [["--session", "1"], /^gs-telemetry: --session is '1' but should be a UUID, [^\n]+\n$/],
  [["--profile", "acme"], /^gs-telemetry: unknown profile 'acme'; known are kubectl-gs, [^\n]+\n$/],
  [["--profile", "missing.json"], /^gs-telemetry: profile missing\.json: cannot be read: [^\n]+\n$/],
  [["--profile", "broken.json"], /^gs-telemetry: profile broken\.json: is not JSON: [^\n]+\n$/],
  [
    ["--profile", "wrong.json"],
    /^gs-telemetry: profile wrong\.json: root\.commands\.0\.name should be string, not 7\n$/,
  ],
  [["--profile", "unknown.json"], /^gs-telemetry: profile unknown\.json: [^\n]*colour[^\n]*\n$/],
];

for (const [words, line] of wrong) {
  test(`run tells in one line and runs nothing when given ${words.join(" ")}`, () =>
    inWorld(async (world) => {
      const write = (file: string, content: string) => writeFileSync(join(world.home, file), content);
      write("broken.json", '{\n  "name": "acme"\n  "displayName": "acme"\n}\n');
      write("wrong.json", JSON.stringify({ ...profile, root: { name: "acme", commands: [{ name: 7 }] } }));
      write("unknown.json", JSON.stringify({ ...profile, colour: "red" }));
      const result = await world.run(["run", ...words, "--", "touch", "made"]);
      assert.match(result.stderr, line);
      assert.equal(result.stdout, "");
      assert.equal(result.status, 125);
      assert.equal(existsSync(join(world.home, "made")), false);
      assert.equal(existsSync(world.state), false);
    }));
}

test("a reader of the output that has gone is no error to tell of, and changes no exit status", () =>
  inWorld(async (world) => {
    const { stdout, stderr } = await world.bash(`
      exec 3> >(:); wait $!
      gs help run >&3; echo $?
      gs completions bash >&3; echo $?
      gs run --colour -- echo run 2>&3; echo $?`);
    assert.deepEqual({ stdout, stderr }, { stdout: "141\n141\n125\n", stderr: "" });
  }));

test("run tells in one line when it has no command", () =>
  inWorld(async (world) => {
    const result = await world.run(["run", "--"]);
    assert.equal(result.stderr, "gs-telemetry: run needs a command: gs-telemetry run -- COMMAND [ARG...]\n");
    assert.equal(result.status, 125);
  }));

const wrongVariables: [name: string, value: string, problem: string][] = [
  ["GS_TELEMETRY_APP_ID", "acme", "GS_TELEMETRY_APP_ID is 'acme' but should be a UUID, such as "],
  ["GS_TELEMETRY_ENDPOINT", "http://telemetry.corp:8686", "GS_TELEMETRY_ENDPOINT is 'http://telemetry.corp"],
  ["GS_TELEMETRY_PROFILE", "nope", "GS_TELEMETRY_PROFILE: unknown profile 'nope'; known are "],
  ["GS_TELEMETRY_WAIT", "soon", "GS_TELEMETRY_WAIT is 'soon' but should be a number of seconds, "],
];

for (const [name, value, problem] of wrongVariables) {
  test(`a command runs and nothing is sent when ${name} is wrong; status, explain and debugging say why`, () =>
    inWorld(async (world) => {
      const env = { [name]: value };
      const command = ["--", "kubectl-gs", "login"];
      const quiet = await world.run(["run", ...command], { env });
      assert.deepEqual([quiet.status, quiet.stderr], [42, ""]);
      assert.deepEqual(world.queued(), []);
      const loud = await world.run(["run", ...command], { env: { ...env, GS_TELEMETRY_DEBUG: "1" } });
      assert.ok(loud.stderr.startsWith(`gs-telemetry: nothing is sent: ${problem}`), loud.stderr);
      assert.equal(loud.status, 42);
      const explained = await world.run(["explain", ...command], { env });
      assert.ok(explained.stderr.startsWith(`gs-telemetry: nothing would be sent: ${problem}`));
      assert.deepEqual([explained.stdout, explained.status], ["[]\n", 1]);
      const page = await world.run(["explain", "--human", ...command], { env });
      assert.match(page.stdout.replace(/\s+/g, " "), new RegExp(`Decided by ${name}`));
      const status = await world.run(["status"], { env });
      assert.match(status.stdout, /^Sent +nothing$/m);
      assert.match(status.stdout, new RegExp(`^Problem +${name}`, "m"));
      const { problems, endpoint } = JSON.parse((await world.run(["status", "--json"], { env })).stdout);
      assert.ok(problems[0].startsWith(problem));
      assert.equal(endpoint === null, name === "GS_TELEMETRY_ENDPOINT");
      const optedOut = await world.run(["explain", ...command], { env: { ...env, DO_NOT_TRACK: "1" } });
      assert.match(optedOut.stderr, /opted out by DO_NOT_TRACK/);
      assert.equal(optedOut.status, 0);
    }));
}

test("a profile from a file names the commands of its tool", () =>
  inWorld(async (world) => {
    const root = { name: "acme", valueFlags: ["--to"], commands: [{ name: "deploy", aliases: ["ship"] }] };
    writeFileSync(join(world.home, "acme.json"), JSON.stringify({ ...profile, appID: otherAppID, root }));
    const words = ["explain", "--profile", "acme.json", "--", "acme", "--to", "prod", "ship", "secret"];
    const { stdout } = await world.run(words);
    assert.equal(JSON.parse(stdout)[0].payload.command, "acme deploy");
    assert.doesNotMatch(stdout, /prod|ship|secret/);
  }));

const mistakes: [words: string[], line: string][] = [
  [[], "a command is needed; see gs-telemetry --help"],
  [["rum", "--", "true"], "unknown command 'rum' (Did you mean run?); see gs-telemetry --help"],
  [["nonesuch"], "unknown command 'nonesuch'; see gs-telemetry --help"],
  [["sh", "-c", "exit"], "unknown command 'sh'; to run it: gs-telemetry run -- sh"],
  [
    ["status", "all"],
    "too many arguments for 'status'. Expected 0 arguments but got 1: all; see gs-telemetry status --help",
  ],
  [["help", "nonesuch"], "unknown command 'nonesuch'; see gs-telemetry --help"],
  [
    ["run", "--apid=1", "true"],
    "unknown option '--apid' (Did you mean --app-id?); see gs-telemetry run --help",
  ],
  [["explain", "-x", "true"], "unknown option '-x'; see gs-telemetry explain --help"],
  [
    ["status", "--jsn"],
    "unknown option '--jsn' (Did you mean --json?); see gs-telemetry status --help",
  ],
  [["completions"], "missing required argument 'SHELL'; see gs-telemetry completions --help"],
  [["completions", "tcsh"], "there are completions for bash, zsh and fish, not for 'tcsh'"],
];

test("the program tells in one line what is wrong and what would be right", () =>
  inWorld(async (world) => {
    for (const [words, line] of mistakes) {
      const result = await world.run(words);
      assert.deepEqual([result.stderr, result.stdout], [`gs-telemetry: ${line}\n`, ""]);
      assert.equal(result.status, 125);
    }
  }));

test("each help page fits a terminal of 80 columns", () =>
  inWorld(async (world) => {
    const { stdout: page } = await world.run(["--help"]);
    const list = /Commands:\n([^]*?)\n\n/.exec(page)![1];
    const commands = [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
    assert.ok(commands.length > 8, list);
    for (const words of [[], ...commands.map((command) => [command])]) {
      const { stdout } = await world.run([...words, "--help"]);
      assert.match(stdout, /^Usage: gs-telemetry /);
      const tooLong = stdout.split("\n").filter((line) => line.length > 80);
      assert.deepEqual(tooLong, [], words.join(" "));
    }
  }));

test(
  "the options and the prose of a help page fit a terminal of 40 columns",
  { skip: noTerminal },
  () =>
    inWorld(async (world) => {
      const page = await inTerminal(world, "gs run --help", { columns: 40 });
      const options = /Options:\n([^]*?)\n\n/.exec(page)![1].split("\n");
      assert.ok(options.length > 20, page);
      assert.deepEqual(options.filter((line) => line.length > 40), []);
      assert.match(page, /^Options end at the first word that is$/m);
      assert.deepEqual(page.split("\n").filter((line) => /^\S.{40}/.test(line)), []);
    }),
);

test("the help of learn names the folder where profiles are found", () =>
  inWorld(async (world) => {
    const home = await world.run(["learn", "--help"]);
    assert.match(home.stdout, / ~\/\.config\/gs-telemetry\/profiles[ ,]/);
    const elsewhere = await world.run(["learn", "--help"], { env: { XDG_CONFIG_HOME: "/etc/xdg" } });
    assert.match(elsewhere.stdout, / \/etc\/xdg\/gs-telemetry\/profiles[ ,]/);
    for (const words of [["learn", "--help"], ["--help"]]) {
      const { stdout } = await world.run(words, { env: { XDG_CONFIG_HOME: "/etc/xdg" } });
      assert.doesNotMatch(stdout, /~\/\.config\/gs-telemetry/);
    }
  }));

test("the help of completions has what bash 3.2 can do, which sources nothing from <(...)", () =>
  inWorld(async (world) => {
    const { stdout } = await world.run(["completions", "--help"]);
    assert.match(stdout, /bash: echo 'eval "\$\(gs-telemetry completions bash\)"' >>~\/\.bashrc\n/);
    assert.doesNotMatch(stdout, /<\(gs-telemetry completions bash/);
  }));

test("help and version go to stdout with status 0", () =>
  inWorld(async (world) => {
    for (
      const words of ["--help", "-h", "help", "help help", "run --help", "explain -h", "sink --help"]
    ) {
      const result = await world.run(words.split(" "));
      assert.match(result.stdout, /^Usage: gs-telemetry /, words);
      assert.equal(result.stderr, "");
      assert.equal(result.status, 0);
    }
    const result = await world.run(["--version"]);
    assert.match(result.stdout, /^gs-telemetry \d+\.\d+\.\d+ \((deno|bun) [\d.]+, [a-z]+ [a-z\d]+\)\n$/);
    assert.equal(result.status, 0);
  }));
