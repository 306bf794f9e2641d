import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import manifest from "../../deno.json" with { type: "json" };

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

const folder = new URL("../../.github/workflows/", import.meta.url);
const workflows = readdirSync(folder).map((name) => parse(readFileSync(new URL(name, folder), "utf8")));
const steps: Step[] = workflows.flatMap(({ jobs }) =>
  Object.values<{ steps?: Step[] }>(jobs).flatMap((job) => job.steps ?? [])
);
const commands = steps.map(({ run }) => run).filter((run) => run !== undefined);

test("a workflow's actions are pinned to a commit", () => {
  const actions = steps.map(({ uses }) => uses).filter((uses) => uses !== undefined);
  assert.ok(actions.length > 0);
  assert.deepEqual(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action)), []);
});

test("a workflow's steps run tasks that there are", () => {
  const tasks = commands.map((run) => /^deno task (\S+)/.exec(run)?.[1]).filter((task) => task !== undefined);
  assert.deepEqual(tasks.filter((task) => !(task in manifest.tasks)), []);
  const others = commands.filter((run) => !run.startsWith("deno task "));
  assert.deepEqual(others.map((run) => run.split(" ", 2).join(" ")), ["deno publish", "gh release"]);
});

test("a workflow's steps write nothing into the checkout, which could not be published then", () => {
  const files = commands.flatMap((run) => [...run.matchAll(/> *(\S+)/g)].map(([, file]) => file));
  assert.deepEqual(files, ['"$RUNNER_TEMP/notes.md"']);
});
