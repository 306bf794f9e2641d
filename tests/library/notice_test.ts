import assert from "node:assert/strict";
import { test } from "node:test";
import { inTerminal, noTerminal } from "../helpers/pseudo_terminal.ts";
import { inProject, opening } from "../helpers/project.ts";

const code = `
  ${opening('optOutVariable: "ACME_OPTOUT"')}
  console.log([telemetry.signal("acme login"), telemetry.signal("acme login")].join(" "));
`;

const notice = `acme sends anonymous usage signals to 127.0.0.1: the name of
the command, never its arguments. Nothing is sent about this run.
  More: github.com/giantswarm/gs-telemetry
  Opt out: ACME_OPTOUT=1 or DO_NOT_TRACK=1
`;

test("a tool's first process on a terminal shows its notice and sends nothing, the next sends", {
  skip: noTerminal,
}, () =>
  inProject(async ({ world, sink, env, write }) => {
    const words = write(code).join(" ");
    assert.equal(
      await inTerminal(world, `${words}; ${words}`, { env }),
      `${notice}false false\ntrue true\n`,
    );
    await sink.waitFor(2);
  }));

test(
  "each tool shows its own notice, in its own words",
  { skip: noTerminal },
  () =>
    inProject(async ({ world, env, write }) => {
      const [one, other] = ["one", "other"].map((tool) =>
        write(
          `${
            opening(`tool: "${tool}", notice: "${tool} counts.", courier: false`)
          } telemetry.signal("acme login");`,
          `${tool}.mjs`,
        ).join(" ")
      );
      assert.equal(
        await inTerminal(world, `${one}; ${other}; ${one}`, { env }),
        "one counts.\nother counts.\n",
      );
    }),
);
