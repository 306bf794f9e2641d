import { property } from "../../helpers/property.ts";
import { asChild, onBun, onDeno, onDenoSource } from "../../helpers/way.ts";

const openFiles =
  "the runtime raises this limit before our code runs, and the parent process does not show " +
  "what a caller that becomes gs-telemetry by exec has changed just before";
const raised = { ...onBun(openFiles), "deno run": openFiles, "deno child": openFiles } as const;
const reserve = "the runtime itself cannot start";

property("all resource limits are the same", `"$@" cat /proc/self/limits`);

property(
  "a soft limit of open files that the calling shell has lowered is kept",
  `
  ulimit -Sn 256; "$@" bash -c 'ulimit -Sn; ulimit -Hn'; true`,
  {
    limits: asChild("the limits of a process cannot be changed without native code"),
  },
);

property(
  "a hard limit of open files that the calling shell has lowered is kept",
  `
  ulimit -n 300; "$@" bash -c 'ulimit -Sn; ulimit -Hn'; true`,
);

property(
  "a soft limit of open files is kept from a caller that lowers it and becomes the program",
  `
  bash -c 'ulimit -Sn 256; exec "$@"' bash "$@" bash -c 'ulimit -Sn'; true`,
  { limits: raised },
);

property(
  "both limits of open files are kept from a caller that sets them and becomes the program",
  `
  ulimit -Sn 256; bash -c 'ulimit -n 5000; exec "$@"' bash "$@" bash -c 'ulimit -Sn; ulimit -Hn'; true`,
);

property(
  "a soft limit of open files is kept from prlimit",
  `
  prlimit --nofile=256: "$@" bash -c 'ulimit -Sn'; true`,
  { needs: ["prlimit"], limits: raised },
);

for (
  const [flag, values] of Object.entries({
    c: "0 100",
    e: "0",
    f: "100000",
    i: "1000 2000",
    l: "0 64",
    m: "100000 1000000",
    q: "1000",
    r: "0",
    s: "1024 8192 16384",
    t: "60 600",
    u: "20000",
    x: "1000",
  })
) {
  property(
    `the limit of ulimit -${flag} is kept`,
    `
    for value in ${values}; do (ulimit -S${flag} $value; "$@" bash -c 'ulimit -S${flag}; ulimit -H${flag}'; true); done`,
  );
}

property(
  "a limit of the address space of 400 GB is kept",
  `
  ulimit -v 400000000; "$@" bash -c 'ulimit -v'; true`,
);

property(
  "a limit of the address space of 2 GB is kept",
  `
  ulimit -c 0; ulimit -v 2000000; "$@" bash -c 'ulimit -v' 2>/dev/null; true`,
  {
    limits: onDeno(`${reserve}: V8 reserves more address space than that`),
    emulator: "QEMU reserves more address space than that",
  },
);

property(
  "a limit of the data segment of 50 MB is kept",
  `
  ulimit -c 0; ulimit -d 50000; "$@" bash -c 'ulimit -d' 2>/dev/null; true`,
  {
    limits: { ...onBun(reserve), ...onDeno(reserve) },
  },
);

property(
  "a limit of the stack of 128 KiB is kept",
  `
  ulimit -c 0; ulimit -s 128; "$@" bash -c 'ulimit -s' 2>/dev/null; true`,
  {
    limits: { ...onBun(reserve), ...onDeno(reserve) },
  },
);

property(
  "a limit of open files of 8 is kept",
  `
  ulimit -n 8; "$@" bash -c 'ulimit -n' 2>/dev/null; true`,
  {
    unsteady: { "bun run": "with more inherited descriptors the runtime itself cannot start" },
    limits: onDeno(reserve),
  },
);

property(
  "a limit of file size of 0 is kept",
  `
  { (ulimit -f 0; "$@" bash -c 'ulimit -f'; echo $?) | cat; } 2>/dev/null`,
  { limits: onDenoSource(reserve), emulator: "QEMU itself ends in that" },
);

property("the umask is the same", `for mask in 022 077 000; do umask $mask; "$@" bash -c umask; done`);

property("the niceness is the same", `nice -n 7 "$@" nice`);

property("the scheduling policy is the same", `chrt --batch 0 "$@" chrt -p 0 | sed 's/pid [0-9]*/pid/'`, {
  needs: ["chrt"],
});

property("the I/O priority is the same", `ionice -c 3 "$@" ionice`, { needs: ["ionice"] });

property(
  "the processor affinity is the same",
  `
  taskset -c 0 "$@" grep Cpus_allowed_list /proc/self/status`,
  { needs: ["taskset"] },
);

property(
  "the score for the out-of-memory killer is the same",
  `
  (echo 321 >/proc/self/oom_score_adj; "$@" cat /proc/self/oom_score_adj; true)`,
);

property("the personality is the same", `setarch -R "$@" cat /proc/self/personality`, { needs: ["setarch"] });

property("the timer slack is the same", `"$@" cat /proc/self/timerslack_ns`);

property(
  "the core dump filter is the same",
  `
  echo 0x11 >/proc/self/coredump_filter; "$@" cat /proc/self/coredump_filter; true`,
);

property(
  "the working directory is the same",
  `
  mkdir -p "a dir/b"; ln -s "a dir" link; cd link/b; "$@" pwd -L; "$@" pwd -P; "$@" bash -c pwd`,
);

property(
  "a working directory that was deleted is kept",
  `
  mkdir gone; cd gone; rmdir ../gone; "$@" bash -c 'readlink /proc/$$/cwd' 2>/dev/null; echo $?`,
  {
    limits: {
      "bun binary": `${reserve} in such a place, as it asks for the name of the working directory`,
      ...onDeno(`${reserve} in such a place, as it asks for the name of the working directory`),
    },
  },
);

property(
  "no new privileges, user, groups and capabilities are the same",
  `
  probe() { "$@" grep -E '^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp|Umask|Cpus|Mems|THP|untag|NS)' /proc/self/status |
    sed -E 's/^(NS[a-z]*:).*/\\1/'; }
  probe "$@"; command -v setpriv >/dev/null && setpriv --no-new-privs --inh-caps=-all bash -c "$(declare -f probe); probe \\"\\$@\\"" bash "$@"`,
);

property(
  "control group and namespaces are the same",
  `
  "$@" cat /proc/self/cgroup; "$@" bash -c 'readlink /proc/$$/ns/*'`,
);
