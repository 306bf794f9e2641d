import { type Conditions, measuredProperty, property, withoutThreadSignals } from "../../helpers/property.ts";
import { asChild } from "../../helpers/way.ts";
import { converse, keys, type Terminal } from "../../helpers/terminal.ts";

const child = "the command is a child of the wrapper there";
const childSignals = "the runtime of the wrapper starts its children with its own dispositions or mask";
const needs = ["script"];

/** A bash script that runs a command line in a pseudo-terminal of its own. */
const inTerminal = (line: string) => `
  export SHELL=/bin/bash; script -qec "${line.replaceAll('"', '\\"')}" /dev/null </dev/null`;
// Quotes the wrapper's words for the shell in the terminal.
const wrapped = "${*@Q}";

property("the terminal's modes are the same within", inTerminal(`${wrapped} stty -a`), { needs });
property(
  "the terminal's modes are unchanged afterwards",
  inTerminal(`
  stty -echo -icanon min 3 time 7; stty -g >before; ${wrapped} true; stty -g >after; cmp before after && echo same`),
  {
    needs,
  },
);
property(
  "the standard streams are the terminal",
  inTerminal(`${wrapped} bash -c '[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo yes'`),
  {
    needs,
  },
);
property("the terminal's size is the same", inTerminal(`stty rows 33 cols 99; ${wrapped} stty size`), {
  needs,
});
property("the controlling terminal can be opened", inTerminal(`${wrapped} bash -c 'echo text >/dev/tty'`), {
  needs,
});
property(
  "the command is in the terminal's foreground group",
  inTerminal(`
  ${wrapped} bash -c 'read -r _ _ _ _ group _ terminal foreground _ </proc/\\$\\$/stat
    [ \\$group = \\$foreground ] && [ \\$terminal != 0 ] && echo foreground'; true`),
  { needs },
);
property(
  "a command in the background is stopped when it reads the terminal",
  inTerminal(`
  exec 2>/dev/null; set -m; ${wrapped} cat & until grep -q ^State:.T /proc/\\$!/status; do sleep 0.05; done
  kill -9 %1; echo stopped`),
  { needs },
);
property(
  "a terminal that hangs up ends the command",
  `
  export SHELL=/bin/bash
  script -qec "\${*@Q} bash -c 'trap \\"echo hup >hup; exit\\" HUP; echo \\\\$PPID >ready; while :; do sleep 0.05; done'" /dev/null </dev/null >/dev/null &
  until [ -s ready ]; do sleep 0.05; done; disown $!; kill -9 $!; until [ -s hup ]; do sleep 0.05; done; cat hup`,
  { needs },
);

// What is typed is shown as well, so the words to wait for are typed in two parts.
const ready = 'echo rea""dy';
const forever = "while :; do sleep 0.05; done";

conversation("Ctrl-C reaches the command once", async (terminal) => {
  const onInterrupt = 'trap "echo INT-\\$((++n))" INT';
  terminal.typeWrapped(`bash -c '${onInterrupt}; trap "exit 3" QUIT; ${ready}; ${forever}'`);
  await terminal.shows(/ready/);
  terminal.type(keys.interrupt);
  await terminal.shows(/INT-1/);
  terminal.type(keys.quit);
  return [await terminal.prompt(), terminal.count("INT-2")];
});

conversation("Ctrl-C ends a command and the shell sees that it was a signal", async (terminal) => {
  terminal.typeWrapped(`bash -c '${ready}; exec sleep 60'`);
  await terminal.shows(/ready/);
  terminal.type(keys.interrupt);
  return await terminal.prompt();
});

conversation("Ctrl-Z stops the command and fg continues it", async (terminal) => {
  terminal.typeWrapped(`bash -c '${ready}; while read -r line; do echo got-$line; done; exit 6'`);
  await terminal.shows(/ready/);
  terminal.type(keys.suspend);
  await terminal.shows(/Stopped/);
  const stopped = await terminal.prompt();
  terminal.type("fg\n");
  terminal.type("text\n");
  await terminal.shows(/got-text/);
  terminal.type(keys.endOfInput);
  return [stopped, await terminal.prompt()];
});

conversation("bg continues the command in the background", async (terminal) => {
  terminal.typeWrapped(`bash -c '${ready}; while [ ! -e go ]; do sleep 0.05; done; exit 8'`);
  await terminal.shows(/ready/);
  terminal.type(keys.suspend);
  await terminal.shows(/Stopped/);
  await terminal.prompt();
  // Once it has ended, the shell may have forgotten it before it is waited for.
  terminal.type("bg; (sleep 0.3; touch go) & wait %1; echo waited-$?\n");
  return await terminal.shows(/waited-\d+/);
});

conversation("a change of the terminal's size reaches the command", async (terminal) => {
  terminal.typeWrapped(`bash -c 'trap "stty size; exit 4" WINCH; ${ready}; ${forever}'`);
  await terminal.shows(/ready/);
  await terminal.resize(41);
  return [await terminal.shows(/41 \d+/), await terminal.prompt()];
});

conversation(
  "what an interactive shell ignores for itself alone is not ignored, nor while a wrapper waits",
  async (terminal) => {
    const ignored = async () => {
      terminal.typeWrapped("grep ^SigIgn /proc/self/status");
      return withoutThreadSignals(await terminal.shows(/SigIgn:\t\w{16}/));
    };
    const once = await ignored();
    terminal.type("export GS_TELEMETRY_WAIT=1\n");
    await terminal.prompt();
    return [once, await ignored()];
  },
  { limits: asChild(childSignals), emulator: "QEMU shows the C library's own signals under other numbers" },
);

conversation("the shell's job is the command itself", async (terminal) => {
  terminal.typeWrapped("bash -c 'echo $$ >id; while [ ! -e go ]; do sleep 0.05; done' &");
  await terminal.shows(/<0>/);
  terminal.type(
    'until [ -s id ]; do sleep 0.05; done; [ "$(jobs -p)" = $(cat id) ]; echo sa""me-$?; touch go; wait\n',
  );
  return await terminal.shows(/same-\d/);
}, { limits: asChild(child) });

function conversation(
  name: string,
  talk: (terminal: Terminal) => Promise<unknown>,
  conditions: Conditions = {},
): void {
  measuredProperty(name, (world, wrapper) => converse(world, wrapper, talk), { needs, ...conditions });
}
