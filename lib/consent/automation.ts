/**
 * Build services and coding agents, told by the variables that they set for what they run. The names are those of
 * the packages `ci-info` and `@vercel/detect-agent`, which a test compares; a run loads neither.
 *
 * @module
 */

import { type Environment, isSwitchedOn } from "../runtime/runtime.ts";

/** What runs commands by itself, and the variable that tells so. */
export interface Automation {
  readonly kind: "agent" | "ci";
  readonly variable: string;
}

// The first is the convention; the others are of agents that do not follow it. Variables that an editor also sets
// in the terminal of its user do not tell an agent.
const agentVariables = [
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

// As above: the convention, then those of services that do not follow it.
const buildVariables = [
  ...[
    "CI",
    "CONTINUOUS_INTEGRATION",
    "BUILD_NUMBER",
    "CI_APP_ID",
    "CI_BUILD_ID",
    "CI_BUILD_NUMBER",
    "CI_NAME",
  ],
  ...["AC_APPCIRCLE", "AGOLA_GIT_REF", "ALPIC_HOST", "APPCENTER_BUILD_ID", "APPVEYOR", "BITBUCKET_COMMIT"],
  ...["BITRISE_IO", "BUDDY_WORKSPACE_ID", "BUILDER_OUTPUT", "BUILDKITE", "CAPAWESOME_CLOUD", "CF_BUILD_ID"],
  ...["CF_PAGES", "CIRCLECI", "CIRRUS_CI", "CI_XCODE_PROJECT", "CM_BUILD_ID", "CODEBUILD_BUILD_ARN"],
  ...["CODEBUILD_BUILD_ID", "DRONE", "DSARI", "EARTHLY_CI", "EAS_BUILD", "GERRIT_PROJECT", "GITEA_ACTIONS"],
  ...["GITHUB_ACTIONS", "GITLAB_CI", "GO_PIPELINE_LABEL", "HARNESS_BUILD_ID", "HUDSON_URL", "JENKINS_URL"],
  ...[
    "LAYERCI",
    "MAGNUM",
    "NETLIFY",
    "NEVERCODE",
    "NOW_BUILDER",
    "PROW_JOB_ID",
    "RELEASE_BUILD_ID",
    "RENDER",
  ],
  ...["RWX", "SAILCI", "SCREWDRIVER", "SEMAPHORE", "STRIDER", "TASKCLUSTER_ROOT_URL", "TEAMCITY_VERSION"],
  ...["TF_BUILD", "TRAVIS", "VELA", "VERCEL", "WORKERS_CI", "XCS", "bamboo_planKey"],
];

/** Finds what runs this process by itself: an agent, also in a build, before a build service. */
export function findAutomation(env: Environment): Automation | undefined {
  return findKind("agent", agentVariables, env) ?? findKind("ci", buildVariables, env);
}

function findKind(
  kind: Automation["kind"],
  variables: readonly string[],
  env: Environment,
): Automation | undefined {
  // A service that is told to behave as elsewhere gets `CI=false` or `CI=0`.
  const variable = variables.find((name) => isSwitchedOn(env(name)));
  return variable === undefined ? undefined : { kind, variable };
}
