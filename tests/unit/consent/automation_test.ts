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
