import { until, type World } from "../../helpers/harness.ts";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { measuredProperty, property, telemetry } from "../../helpers/property.ts";
import { asChild, onBun, onDeno } from "../../helpers/way.ts";

const startup = "what was ignored before the runtime's start cannot be told from what the runtime ignores, " +
  "unless the caller is a shell";
const ownHandlers = "QEMU has handlers of its own for these signals";
const childSignals = "the runtime of the wrapper starts its children with its own dispositions or mask";

property(
  "death by each signal is seen as that death",
  `
  for signal in HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT XCPU XFSZ VTALRM PROF IO PWR SYS
  do "$@" bash -c "ulimit -c 0; kill -$signal \\$\\$"; echo $signal $?; done 2>/dev/null`,
);

property(
  "death by each real-time signal is seen as that death",
  `
  for signal in 34 35 50 64; do "$@" bash -c "kill -$signal \\$\\$"; echo $signal $?; done 2>/dev/null`,
  {
    limits: asChild("Node.js knows no names of real-time signals"),
  },
);

for (
  const signal of [
    "SIGTERM",
    "SIGHUP",
    "SIGUSR1",
    "SIGUSR2",
    "SIGINT",
    "SIGQUIT",
    "SIGALRM",
    "SIGWINCH",
  ] as const
) {
  measuredProperty(
    `${signal} sent to the process id reaches the command, once`,
    (world, wrapper) => reactionTo(world, wrapper, signal),
  );
}

measuredProperty("a signal that kills the command is what its caller sees", async (world, wrapper) => {
  const child = start(world, [...wrapper, "sleep", "60"]);
  await until(() => isRunning(child.pid, "sleep"), "sleep to run");
  child.kill("SIGTERM");
  return await child.ended;
});

measuredProperty(
  "SIGSTOP and SIGCONT sent to the process id stop and continue the command",
  async (world, wrapper) => {
    const child = start(world, [
      ...wrapper,
      "bash",
      "-c",
      "trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done",
    ]);
    await child.says("ready");
    child.kill("SIGSTOP");
    child.kill("SIGTERM");
    child.kill("SIGCONT");
    return await child.ended;
  },
);

property(
  "signal dispositions and mask are the same",
  `"$@" grep -E "^Sig(Pnd|Blk|Ign|Cgt)" /proc/self/status`,
);

property(
  "what nohup ignores stays ignored",
  `
  nohup "$@" grep ^SigIgn /proc/self/status </dev/null 2>/dev/null
  trap '' HUP TERM USR1; "$@" grep ^SigIgn /proc/self/status; true`,
  { emulator: ownHandlers },
);

property(
  "SIGPIPE and SIGXFSZ stay ignored when the calling shell ignores them",
  `
  trap '' PIPE XFSZ; "$@" grep ^SigIgn /proc/self/status; true`,
  { limits: asChild(childSignals) },
);

property(
  "SIGABRT, SIGBUS and SIGSEGV stay ignored when the calling shell ignores them",
  `
  trap '' ABRT BUS SEGV; "$@" grep ^SigIgn /proc/self/status; true`,
  { emulator: ownHandlers },
);

property(
  "a signal that the calling shell ignores, but not for the command, is at its default",
  `
  trap '' USR1; (trap - USR1; exec "$@" grep ^SigIgn /proc/self/status); true`,
  { emulator: ownHandlers },
);

property(
  "SIGPWR stays ignored when the calling shell ignores it",
  `
  trap '' PWR; "$@" grep ^SigIgn /proc/self/status 2>&1; true`,
  {
    limits: onBun("Bun warns of this signal's use on standard error when it starts, before our code runs"),
  },
);

property(
  "SIGPIPE stays ignored when the program that starts it ignores it",
  `
  env --ignore-signal=PIPE "$@" grep ^SigIgn /proc/self/status; true`,
  {
    limits: { ...onBun(startup), ...onDeno(startup) },
  },
);

property(
  "SIGPIPE is at its default when the caller resets it for its children, as Python and Node.js do",
  `
  python3 -c 'import subprocess, sys; subprocess.run(sys.argv[1:])' "$@" grep ^SigIgn /proc/self/status; true`,
  {
    needs: ["python3"],
  },
);

property(
  "blocked signals stay blocked",
  `
  env --block-signal=USR1,TERM,INT "$@" grep ^SigBlk /proc/self/status; true`,
  { limits: asChild(childSignals) },
);

property(
  "a blocked SIGPWR stays blocked",
  `env --block-signal=PWR "$@" grep ^SigBlk /proc/self/status; true`,
  {
    limits: onBun(
      "Bun unblocks this signal for its garbage collector, and nothing shows that it was blocked",
    ),
  },
);

property(
  "a signal that is pending while blocked is delivered to the command",
  `
  env --block-signal=USR1 bash -c 'kill -USR1 $$; exec "$@" grep -E "^(SigPnd|ShdPnd)" /proc/self/status' bash "$@"; true`,
  {
    unsteady: onBun(
      "while Bun's event loop waits for a result, it takes signals that the caller has blocked",
    ),
    limits: asChild(childSignals),
  },
);

property(
  "a pipe that its reader closes ends the command by SIGPIPE",
  `
  "$@" yes 2>&1 | head -1; echo "\${PIPESTATUS[@]}"`,
);

property(
  "a file at the size limit ends the command by SIGXFSZ",
  `
  (ulimit -f 1; "$@" dd if=/dev/zero of=big bs=1M count=1 2>/dev/null; echo $?) 2>/dev/null; true`,
);

property(
  "an alarm set before stays set",
  `
  { perl -e 'alarm 2; exec @ARGV' "$@" sleep 60; echo $?; } 2>/dev/null`,
  {
    needs: ["perl"],
    limits: asChild("the alarm goes to the wrapper"),
  },
);

/** Starts a command that tells of a signal, sends it, and gives all that the command said. */
async function reactionTo(
  world: World,
  wrapper: readonly string[],
  signal: NodeJS.Signals,
): Promise<unknown> {
  const name = signal.slice(3);
  const script =
    `trap 'echo got ${name}' ${name}; trap 'exit 0' CONT; echo ready; while :; do sleep 0.05; done`;
  const child = start(world, [...wrapper, "bash", "-c", script]);
  await child.says("ready");
  child.kill(signal);
  await child.says("got");
  child.kill("SIGCONT");
  return { end: await child.ended, said: child.said() };
}

/** Whether the process or a child of it runs the command. */
function isRunning(pid: number, command: string): boolean {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
  return [pid, ...children].some((each) => commandOf(each) === command);
}

function commandOf(pid: number | string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return undefined; // it has ended
  }
}

interface Started {
  /** The process id that the caller sees. */
  readonly pid: number;
  readonly ended: Promise<unknown>;
  said(): string;
  says(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

function start(world: World, [file, ...args]: readonly string[]): Started {
  const child = spawn(file, args, {
    env: world.environment(telemetry),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk) => text += chunk);
  return {
    pid: child.pid!,
    ended: new Promise((resolve) => child.on("close", (status, signal) => resolve({ status, signal }))),
    said: () => text,
    says: (part) => until(() => text.includes(part), `the command to say '${part}'`),
    kill: (signal) => void process.kill(child.pid!, signal),
  };
}
