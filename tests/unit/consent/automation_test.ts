import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { findAutomation } from "../../../lib/consent/automation.ts";

/** How `ci-info` tells a build service: by one variable, all of several, one of several, or by values. */
type Sign =
  | string
  | string[]
  | { any: string[] }
  | { env: string; includes: string }
  | Record<string, string>;

function packageFile(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../../node_modules/${path}`, import.meta.url)), "utf8");
}

const vendors: { name: string; env: Sign }[] = JSON.parse(packageFile("ci-info/vendors.json"));

/** Why a build service of `ci-info` is not told by its sign alone. */
const otherServices: Readonly<Record<string, string>> = {
  Heroku: "its sign is a path in NODE, which its running programs have, too",
  TaskCluster: "TASK_ID and RUN_ID are names that others use; it sets TASKCLUSTER_ROOT_URL as well",
};

/** Why a variable of `@vercel/detect-agent` does not tell an agent. */
const otherVariables: Readonly<Record<string, string>> = {
  CLAUDE_CODE_IS_COWORK: "stands beside CLAUDECODE",
  COPILOT_ALLOW_ALL: "a user's setting",
  COPILOT_GITHUB_TOKEN: "a user's setting",
  COPILOT_MODEL: "a user's setting",
  CURSOR_EXTENSION_HOST_ROLE: "the editor sets it for its user's terminal, too, with another value",
  CURSOR_TRACE_ID: "the editor sets it for its user's terminal, too",
  REPL_ID: "is also set in the shell of Replit's users",
};

/** The environments by which a service is told. */
function environments(sign: Sign): Record<string, string>[] {
  if (typeof sign === "string") return [{ [sign]: "x" }];
  if (Array.isArray(sign)) return [Object.fromEntries(sign.map((name) => [name, "x"]))];
  if ("any" in sign) return (sign.any as string[]).map((name) => ({ [name]: "x" }));
  if ("includes" in sign) return [{ [sign.env]: sign.includes }];
  return [sign];
}

function find(variables: Readonly<Record<string, string>>) {
  return findAutomation((name) => variables[name]);
}

for (const { name, env } of vendors) {
  test(
    `findAutomation() tells a build of ${name}, as ci-info does`,
    { skip: otherServices[name] ?? false },
    () => {
      for (const variables of environments(env)) {
        assert.equal(find(variables)?.kind, "ci", JSON.stringify(variables));
      }
    },
  );
}

const agentSource = packageFile("@vercel/detect-agent/dist/index.js");
const agentVariables = new Set([...agentSource.matchAll(/process\.env\.(\w+)/g)].map(([, name]) => name));

test("@vercel/detect-agent names its variables as this test reads them", () => {
  assert.ok(agentVariables.size > 15 && agentVariables.has("AI_AGENT"));
});

for (const name of agentVariables) {
  test(`findAutomation() tells an agent by ${name}, as @vercel/detect-agent does`, {
    skip: otherVariables[name] ?? false,
  }, () => {
    assert.deepEqual(find({ [name]: "1" }), { kind: "agent", variable: name });
  });
}

test("each exception is still known to its package", () => {
  const services = vendors.map(({ name }) => name);
  assert.deepEqual(Object.keys(otherServices).filter((name) => !services.includes(name)), []);
  assert.deepEqual(Object.keys(otherVariables).filter((name) => !agentVariables.has(name)), []);
});

test("findAutomation() takes an agent in a build for an agent, and CI=false, CI=0 and an empty CI for nothing", () => {
  assert.deepEqual(find({ CI: "true", CLAUDECODE: "1" }), { kind: "agent", variable: "CLAUDECODE" });
  for (const CI of ["false", "0", ""]) assert.equal(find({ CI }), undefined);
});

// By name, so that none gets lost: those of `@vercel/detect-agent` are not all.
const agents = [
  "AI_AGENT",
  "AMP_CURRENT_THREAD_ID",
  "ANTIGRAVITY_AGENT",
  "AUGMENT_AGENT",
  "CLAUDECODE",
  "CLAUDE_CODE",
  "CODEX_CI",
  "CODEX_SANDBOX",
  "CODEX_THREAD_ID",
  "COPILOT_AGENT",
  "COPILOT_CLI",
  "CRUSH",
  "CURSOR_AGENT",
  "GEMINI_CLI",
  "GOOSE_TERMINAL",
  "OPENCODE",
  "OPENCODE_CLIENT",
  "PI_CODING_AGENT",
  "QWEN_CODE",
];

test("findAutomation() tells an agent by any of its variables, if that is on", () => {
  for (const variable of agents) {
    const findWith = (value: string) => findAutomation((name) => name === variable ? value : undefined);
    assert.deepEqual(findWith("1"), { kind: "agent", variable });
    for (const off of ["", "0", "false"]) assert.equal(findWith(off), undefined);
  }
  assert.deepEqual(findAutomation(() => "1"), { kind: "agent", variable: "AI_AGENT" });
});

const builds = [
  ...["CI", "CONTINUOUS_INTEGRATION", "BUILD_NUMBER", "CI_APP_ID", "CI_BUILD_ID"],
  ...["CI_BUILD_NUMBER", "CI_NAME", "AC_APPCIRCLE", "AGOLA_GIT_REF", "ALPIC_HOST"],
  ...["APPCENTER_BUILD_ID", "APPVEYOR", "BITBUCKET_COMMIT", "BITRISE_IO", "BUDDY_WORKSPACE_ID"],
  ...["BUILDER_OUTPUT", "BUILDKITE", "CAPAWESOME_CLOUD", "CF_BUILD_ID", "CF_PAGES"],
  ...["CIRCLECI", "CIRRUS_CI", "CI_XCODE_PROJECT", "CM_BUILD_ID", "CODEBUILD_BUILD_ARN"],
  ...["CODEBUILD_BUILD_ID", "DRONE", "DSARI", "EARTHLY_CI", "EAS_BUILD"],
  ...["GERRIT_PROJECT", "GITEA_ACTIONS", "GITHUB_ACTIONS", "GITLAB_CI", "GO_PIPELINE_LABEL"],
  ...["HARNESS_BUILD_ID", "HUDSON_URL", "JENKINS_URL", "LAYERCI", "MAGNUM"],
  ...["NETLIFY", "NEVERCODE", "NOW_BUILDER", "PROW_JOB_ID", "RELEASE_BUILD_ID"],
  ...["RENDER", "RWX", "SAILCI", "SCREWDRIVER", "SEMAPHORE"],
  ...["STRIDER", "TASKCLUSTER_ROOT_URL", "TEAMCITY_VERSION", "TF_BUILD", "TRAVIS"],
  ...["VELA", "VERCEL", "WORKERS_CI", "XCS", "bamboo_planKey"],
];

test("findAutomation() tells a build by any of its variables, if no agent is there", () => {
  for (const variable of builds) {
    const env = (name: string) => name === variable ? "1" : undefined;
    assert.deepEqual(findAutomation(env), { kind: "ci", variable });
  }
  const both = (name: string) => ["CI", "CLAUDECODE"].includes(name) ? "1" : undefined;
  assert.deepEqual(findAutomation(both), { kind: "agent", variable: "CLAUDECODE" });
});
