import assert from "node:assert/strict";
import fc from "fast-check";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import kubectl from "../fixtures/kubectl.profile.json" with { type: "json" };
import { appID, gathering, inWorld, type World } from "../helpers/harness.ts";
import { stress } from "../helpers/way.ts";

const runCount = stress(300, 80);

/** One run: its arguments, and what surrounds it; every secret in it is another. */
interface SecretRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly input: string;
  readonly folder: string;
  readonly variable: string;
}

const secret = fc.stringMatching(/^SECRET[0-9]{12}$/);

const argument = fc.oneof(
  secret,
  fc.constantFrom("get", "login", "create", "config", "use-context", "rollout", "clusters", "gs", "--", "-n"),
  fc.tuple(fc.constantFrom("--namespace", "-n", "--token", "--unknown", "-o"), secret).map(([flag, value]) =>
    `${flag}=${value}`
  ),
  fc.tuple(fc.constantFrom("-n", "get", "x"), secret).map((parts) => parts.join("")),
);

const secretRun: fc.Arbitrary<SecretRun> = fc.record({
  program: fc.constantFrom("kubectl", "kubectl gs", "kubectl-gs", "plain", "by path"),
  args: fc.array(argument, { minLength: 1, maxLength: 6 }),
  input: secret,
  folder: secret,
  variable: secret,
});

/** All that a profile may ask for. */
const everything = { identity: "machine", caller: true, session: "terminal" };

function installTools(world: World): void {
  for (const name of ["kubectl", "kubectl-gs", "plain"]) {
    // What a tool says about its version may tell more than that, too.
    const script = 'cat > /dev/null; test "$1" = --version && echo "v1.2.3 of SECRET000000000000"; exit 0';
    writeFileSync(join(world.bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(world.bin, name), 0o755);
  }
  const profiles = join(world.home, ".config/gs-telemetry/profiles");
  mkdirSync(profiles, { recursive: true });
  writeFileSync(
    join(profiles, "kubectl.json"),
    JSON.stringify({ ...kubectl, versionCall: ["--version"], ...everything }),
  );
}

/** The line of a shell that does the run in a folder, with a variable and with input that are all secret. */
function shellLine({ program, args, input, folder, variable }: SecretRun): string {
  const executable = program === "by path" ? `"$HOME/${folder}/plain"` : program;
  const words = args.map((word) => `'${word}'`).join(" ");
  return `mkdir -p "$HOME/${folder}" && cp "$HOME/bin/plain" "$HOME/${folder}/" && cd "$HOME/${folder}" && ` +
    `echo ${input} | A_SECRET=${variable} PWD_SECRET="$PWD" gs run -- ${executable} ${words} || exit 1`;
}

/** Every file that telemetry keeps, with its path; one that goes meanwhile is left out. */
function keptFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    try {
      return entry.isDirectory() ? keptFiles(path) : [`${path}\n${readFileSync(path, "latin1")}`];
    } catch {
      return [];
    }
  });
}

/** The command lines of the couriers and of what they have started. */
function courierCommandLines(world: World): string[] {
  return world.couriers().flatMap((pid) => {
    try {
      return [readFileSync(`/proc/${pid}/cmdline`, "utf8")];
    } catch {
      return [];
    }
  });
}

test(`no secret of ${runCount} random runs is sent, kept, logged or put on a command line`, () =>
  inWorld(async (world) => {
    installTools(world);
    const sink = await world.sink();
    const runs = fc.sample(secretRun, { seed: 20_261_123, numRuns: runCount });
    const env = {
      GS_TELEMETRY_APP_ID: appID,
      GS_TELEMETRY_ENDPOINT: sink.endpoint,
      GS_TELEMETRY_DEBUG: "1",
      GS_TELEMETRY_LIMITS: gathering,
      GS_TELEMETRY_SALT: "SECRET999999999999",
    };
    const seen = { kept: new Set<string>(), commandLines: new Set<string>() };
    const watch = setInterval(() => {
      for (const file of keptFiles(world.state)) seen.kept.add(file);
      for (const line of courierCommandLines(world)) seen.commandLines.add(line);
    }, 100);
    mkdirSync(world.state, { recursive: true });
    const result = await world.bash(runs.map(shellLine).join("\n"), { env });
    assert.equal(result.status, 0, result.stderr);
    const sent = result.stderr.match(/^gs-telemetry: to http/gm)?.length ?? 0;
    assert.ok(sent > runCount * 0.8, `only ${sent} of ${runCount} runs were counted`);
    const arrived = await sink.waitFor(sent);
    await world.couriersEnded();
    clearInterval(watch);
    const looked: Record<string, string> = {
      "what was sent": readFileSync(sink.store, "utf8") + sink.lines.join("\n"),
      "what was logged": result.stderr,
      "what was kept meanwhile": [...seen.kept].join("\n"),
      "what is kept": keptFiles(world.state).join("\n"),
      "what stood on command lines": [...seen.commandLines].join("\n"),
    };
    for (const [place, text] of Object.entries(looked)) {
      assert.equal(/.{0,80}SECRET.{0,40}/.exec(text)?.[0], undefined, place);
    }
    assert.ok(
      looked["what was kept meanwhile"].includes("queue"),
      "the queue was looked at while it was in use",
    );
    assert.ok(seen.commandLines.size > 0, "a courier was seen");
    assert.ok(
      arrived.some(({ payload }) => payload.command === "kubectl get" && payload.caller === "script"),
    );
    assert.ok(arrived.some(({ payload }) => payload.appVersion === "1.2.3"));
  }));
