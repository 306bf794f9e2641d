import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { appID, inWorld, type Result, type World } from "../helpers/harness.ts";

const run = ["--app-id", appID, "--", "true", "SECRET-argument"];

/** Nothing listens on this port, and both runtimes ask it as a proxy. */
const deadProxy = "http://user:SECRET@127.0.0.1:9";

function filesBelow(folder: string): string {
  if (!existsSync(folder)) return "";
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => entry.isFile() ? readFileSync(join(entry.parentPath, entry.name), "utf8") : entry.name)
    .join("\n");
}

/** Runs all that shows or keeps something. */
async function runAll(world: World, env: Record<string, string>): Promise<Result[]> {
  const commands = [
    ["run", "--wait=0.5", ...run],
    ["explain", "--human", ...run],
    ["explain", ...run],
    ["status"],
    ["status", "--json"],
    ["flush"],
    ["status"],
    ["status", "--json"],
  ];
  const results: Result[] = [];
  for (const command of commands) {
    results.push(await world.run(command, { env: { GS_TELEMETRY_DEBUG: "1", ...env } }));
    await world.couriersEnded();
  }
  return results;
}

function assertNoSecret(world: World, results: readonly Result[]): void {
  const shown = results.map(({ stdout, stderr }) => stdout + stderr).join("\n");
  for (const [place, text] of Object.entries({ shown, kept: filesBelow(world.state) })) {
    assert.equal(/.{0,80}SECRET.{0,40}/.exec(text)?.[0], undefined, place);
  }
}

test("the password of a proxy, the salt and arguments are neither shown nor kept when delivery fails", () =>
  inWorld(async (world) => {
    const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
    for (const proxy of [deadProxy, "nonsense://user:SECRET@127.0.0.1:99999", "user:SECRET@127.0.0.1:9"]) {
      const results = await runAll(world, {
        ...Object.fromEntries(proxies.map((name) => [name, proxy])),
        GS_TELEMETRY_ENDPOINT: "https://no-such-host.invalid/",
        GS_TELEMETRY_SALT: "SECRET-salt",
      });
      assert.match(results[0].stderr, /^gs-telemetry: to https:\/\/no-such-host\.invalid\/v2\/: /);
      assert.match(results[1].stdout, /salt \(GS_TELEMETRY_SALT\) +set$/m);
      assert.match(results[5].stderr, /^gs-telemetry: \d sent to .*: failed, kept for later: ./m);
      assertNoSecret(world, results);
      assert.equal(results[5].status, 1);
    }
  }));

const secretEndpoints = [
  "https://user:SECRET@example.org/v2/",
  "http://SECRET@127.0.0.1:9/",
  "http://user:SECRET@example.org/",
  "user:SECRET@example.org",
  "https://user:SECRET@",
  "https://example.org/v2/?token=SECRET",
];

for (const endpoint of secretEndpoints) {
  test(`an endpoint with a secret is refused, without showing it: ${endpoint}`, () =>
    inWorld(async (world) => {
      const results = await runAll(world, { GS_TELEMETRY_ENDPOINT: endpoint });
      results.push(await world.run(["run", "--endpoint", endpoint, ...run]));
      results.push(await world.run(["run", `--endpoint=${endpoint}`, ...run]));
      // A wrong variable is trouble of telemetry's, a wrong option is a wrong command line.
      assert.deepEqual([results[0], results.at(-1)!].map(({ status }) => status), [0, 125]);
      assert.match(results[0].stderr, /nothing is sent: GS_TELEMETRY_ENDPOINT is '.*….*' but should be /);
      assert.match(results.at(-1)!.stderr, /^gs-telemetry: --endpoint is '.*….*' but should be [^\n]+\n$/);
      assertNoSecret(world, results);
    }));
}

test("debug output has a few lines with the program's name, for a run and for a delivery", () =>
  inWorld(async (world) => {
    const env = { GS_TELEMETRY_DEBUG: "1" };
    const { stderr, stdout, status } = await world.runToSink(["run", ...run], { env });
    assert.deepEqual([stdout, status], ["", 0]);
    const lines = [
      /^gs-telemetry: to http:\/\/127\.0\.0\.1:\d+\/v2\/: Command\.run "true"$/,
      /^gs-telemetry: signal: \{"appID":.*\}$/,
      /^gs-telemetry: recorded; a courier was started, which sends it in the background$/,
    ];
    assertLines(stderr, lines);
    await (await world.sink()).waitFor(1);
    const waited = await world.runToSink(["run", "--wait", ...run], { env });
    assert.match(waited.stderr, /\ngs-telemetry: the signal is delivered\n$/);
  }));

test("debug output shows what would steer the terminal as its code", () =>
  inWorld(async (world) => {
    const env = { GS_TELEMETRY_DEBUG: "1" };
    const { stderr } = await world.runToSink(["run", "--name", "a\x1b[31m", ...run], { env });
    assert.match(stderr, /: Command\.run "a\\u001b\[31m"\n/);
    assert.ok(!stderr.includes("\x1b"));
  }));

function assertLines(text: string, expected: readonly RegExp[]): void {
  const lines = text.split("\n").slice(0, -1);
  assert.equal(lines.length, expected.length, text);
  for (const [index, pattern] of expected.entries()) assert.match(lines[index], pattern);
}

test(
  "debug output that cannot be written leaves the command alone",
  { skip: existsSync("/dev/full") && existsSync("/bin/sh") ? false : "needs /dev/full and /bin/sh" },
  () =>
    inWorld(async (world) => {
      mkdirSync(world.state, { recursive: true });
      const { endpoint } = await world.sink();
      const env = { GS_TELEMETRY_DEBUG: "1", GS_TELEMETRY_ENDPOINT: endpoint };
      const words = [...run.slice(0, 3), "sh", "-c", "echo done; exit 7"];
      const { stdout, status } = await world.bash(
        `gs run ${words.map((word) => `'${word}'`).join(" ")} 2>/dev/full`,
        {
          env,
        },
      );
      assert.deepEqual([stdout, status], ["done\n", 7]);
    }),
);
