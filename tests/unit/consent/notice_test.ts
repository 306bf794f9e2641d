import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { brand } from "../../../lib/brand.ts";
import {
  isNoticeDue,
  noticeText,
  showNotice,
  skipNotice,
  toolNoticeText,
} from "../../../lib/consent/notice.ts";
import { ownCall } from "../../../lib/directories/own_call.ts";
import { StateDirectory } from "../../../lib/directories/state_directory.ts";
import { system } from "../../../lib/system/mod.ts";
import { toldBy } from "../../helpers/fake_surroundings.ts";

const telemetryDeck = "https://nom.telemetrydeck.com/v2/";

test("noticeText() has at most four lines of 80 columns, also under another name", () => {
  const { name } = brand;
  try {
    for (brand.name of [name, "acme-telemetry"]) {
      const text = noticeText(telemetryDeck, "kubectl gs", brand.name);
      const lines = text.split("\n");
      assert.equal(lines.pop(), "");
      assert.ok(lines.length <= 4);
      for (const line of lines) assert.ok(line.length <= 80, line);
      assert.match(text, new RegExp(`^${brand.name} sends`));
    }
  } finally {
    brand.name = name;
  }
});

test("noticeText() names the tool, and who receives the signals", () => {
  const text = (url: string) => noticeText(url, "restic", "gs-telemetry");
  assert.match(text(telemetryDeck), /signals about restic to TelemetryDeck:\n/);
  assert.match(text("https://telemetry.example.org/v2/"), /about restic\nto telemetry\.example\.org:\n/);
  assert.match(text("https://nottelemetrydeck.com/v2/"), /about restic to nottelemetrydeck\.com:\n/);
});

test("noticeText() folds a long first line, and leaves out what a long call leaves no room for", () => {
  const call = "/opt/acme-platform-tools/0.1.0/bin/gs-telemetry";
  assert.equal(
    noticeText(telemetryDeck, "acme-platform-tool", call),
    `gs-telemetry sends anonymous usage signals about acme-platform-tool
to TelemetryDeck:
the name of the command, never its arguments. Nothing is sent about this run.
  See it:  ${call} explain -- COMMAND
  Opt out: ${call} disable, or DO_NOT_TRACK=1
`,
  );
});

test("noticeText() names variables alone if the program cannot be called", () => {
  const text = noticeText(telemetryDeck, "restic", undefined);
  assert.match(text, /\n {2}Opt out: DO_NOT_TRACK=1 or GS_TELEMETRY_OPTOUT=1\n$/);
  assert.doesNotMatch(text, /disable|explain/);
});

const url = "https://nom.telemetrydeck.com/v2/";

test("noticeText() says what is sent, to whom, and how to opt out", () => {
  assert.equal(
    noticeText(url, "acme", "gs-telemetry"),
    `gs-telemetry sends anonymous usage signals about acme to TelemetryDeck:
the name of the command, never its arguments. Nothing is sent about this run.
  See it:  gs-telemetry explain -- COMMAND      More: gs-telemetry --help
  Opt out: gs-telemetry disable, or DO_NOT_TRACK=1
`,
  );
});

test("toolNoticeText() names the tool and its own variable, or says what the tool says", () => {
  assert.equal(
    toolNoticeText("https://t.example/v2/", { tool: "acme", optOutVariable: "ACME_OPTOUT" }),
    `acme sends anonymous usage signals to t.example: the name of
the command, never its arguments. Nothing is sent about this run.
  More: github.com/giantswarm/gs-telemetry
  Opt out: ACME_OPTOUT=1 or DO_NOT_TRACK=1
`,
  );
  assert.match(toolNoticeText(url, { tool: "acme" }), /\n {2}Opt out: DO_NOT_TRACK=1\n$/);
  assert.equal(toolNoticeText(url, { tool: "acme", text: "Mine.\n\n" }), "Mine.\n");
  assert.equal(toolNoticeText(url, { tool: "acme", text: "" }), "\n");
});

/** Runs a test with a state directory of its own, as if standard error were a terminal or not. */
async function inState(
  test: (state: StateDirectory, home: string) => void | Promise<void>,
  isTerminal = true,
): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "gs-telemetry-test-"));
  const before = system.isTerminal;
  system.isTerminal = (descriptor) => descriptor === 2 && isTerminal;
  try {
    await test(new StateDirectory(join(home, "state/gs-telemetry")), home);
  } finally {
    system.isTerminal = before;
    rmSync(home, { recursive: true, force: true });
  }
}

function environment(variables: Record<string, string>) {
  return (name: string) => variables[name];
}

const due: [variables: Record<string, string>, isDue: boolean][] = [
  [{}, true],
  [{ GS_TELEMETRY_NO_NOTICE: "1" }, false],
  [{ GS_TELEMETRY_NO_NOTICE: "" }, true],
  ...["CI", "TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION", "CODEBUILD_BUILD_ID"].map((name) =>
    [{ [name]: "1" }, false] as [Record<string, string>, boolean]
  ),
  [{ CI: "" }, true],
  [{ CI: "0" }, true],
  [{ CI: "false" }, true],
];

for (const [variables, isDue] of due) {
  test(`isNoticeDue() is ${isDue} on a terminal with ${JSON.stringify(variables)}`, () =>
    inState((state) => assert.equal(isNoticeDue(state, environment(variables)), isDue)));
}

test("isNoticeDue() is false without a terminal", () =>
  inState((state) => assert.equal(isNoticeDue(state, environment({})), false), false));

test("isNoticeDue() is false for who has chosen", () =>
  inState((state, home) => {
    const env = environment({ XDG_CONFIG_HOME: home });
    assert.equal(isNoticeDue(state, env), true);
    mkdirSync(join(home, "gs-telemetry"));
    writeFileSync(join(home, "gs-telemetry/settings.json"), '{"telemetry":"on"}');
    assert.equal(isNoticeDue(state, env), false);
  }));

test("showNotice() shows the notice once, and each tool has its own", () =>
  inState(async (state) => {
    const own = { tool: "acme" };
    const env = environment({});
    const show = (about: Parameters<typeof showNotice>[2]) =>
      toldBy(() => showNotice(state, url, about, env));
    assert.equal(await show("kubectl"), `2: ${noticeText(url, "kubectl", ownCall(env))}`);
    assert.equal(await show("helm"), "");
    assert.equal(isNoticeDue(state, env), false);
    assert.equal(isNoticeDue(state, env, own), true);
    assert.equal(await show(own), `2: ${toolNoticeText(url, own)}`);
    assert.equal(isNoticeDue(state, env, own), false);
    assert.equal(await show(own), "");
  }));

test("skipNotice() remembers that no notice is needed", () =>
  inState((state) => {
    skipNotice(state);
    assert.ok(existsSync(state.noticeShown()));
    assert.equal(isNoticeDue(state, environment({})), false);
  }));
