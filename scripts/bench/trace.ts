/**
 * Reads what strace(1) has written of a run: one system call a line, behind the number of its thread.
 *
 * @module
 */

// Threads wait and memory is managed as the moment has it.
const unsteady =
  /^(brk|clock_\w+|epoll_\w+|exit\w*|futex|get[pt]id|getrandom|madvise|mmap|mprotect|munmap|nanosleep|ppoll|poll|prctl|restart_syscall|rseq|rt_sig\w+|sched_\w+|set_robust_list|sigaltstack|\w*wait\w*)$/;
const starts = /^(clone|clone3|fork|vfork)$/;
const aboutPaths =
  /^(access|chdir|chmod|creat|execve|faccessat2?|link|lstat|mkdir|mkdirat|newfstatat|open|openat|readlink|readlinkat|rename|renameat2?|stat|statx|unlink|unlinkat)$/;

/** One system call that has ended. */
interface Call {
  readonly thread: string;
  readonly name: string;
  readonly args: string;
  readonly result: number;
}

/** What a traced run has done. */
export interface TracedCounts {
  readonly systemCalls: number;
  readonly files: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

/** Counts what a run does until it becomes the command; a courier and all that it starts is left out. */
export function readTrace(text: string): TracedCounts {
  const calls = beforeCommand(withoutCourier(parseCalls(text)));
  const paths = calls.filter(({ name }) => aboutPaths.test(name)).map(({ args }) =>
    /"([^"]*)"/.exec(args)?.[1]
  );
  const bytes = (names: RegExp) =>
    calls.filter(({ name }) => names.test(name)).reduce((sum, { result }) => sum + Math.max(0, result), 0);
  return {
    systemCalls: calls.filter(({ name }) => !unsteady.test(name)).length,
    files: new Set(paths.map((path) => path && withoutNumbers(path))).size,
    bytesRead: bytes(/^(read|pread64)$/),
    bytesWritten: bytes(/^p?write(64|v)?$/),
  };
}

function withoutNumbers(path: string): string {
  return path.replaceAll(/\d+/g, "0");
}

/** A call that another thread's line interrupts is in two lines. */
function parseCalls(text: string): Call[] {
  const begun = new Map<string, string>();
  const calls: Call[] = [];
  for (const line of text.split("\n")) {
    const [, thread, rest] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (rest === undefined) continue;
    if (rest.endsWith("<unfinished ...>")) {
      begun.set(thread, rest.replace("<unfinished ...>", ""));
      continue;
    }
    const whole = rest.replace(/^<\.\.\. \w+ resumed>/, () => begun.get(thread) ?? "");
    const [, name, args, result] = /^(\w+)\((.*)\) += (-?\d+)/.exec(whole) ?? [];
    if (name !== undefined) calls.push({ thread, name, args, result: Number(result) });
  }
  return calls;
}

/** Leaves out the process that becomes the courier, from that moment on, and whatever it starts. */
function withoutCourier(calls: readonly Call[]): Call[] {
  const left = new Set<string>();
  return calls.filter(({ thread, name, args, result }) => {
    if (name === "execve" && args.includes('"courier"')) left.add(thread);
    if (left.has(thread) && starts.test(name)) left.add(String(result));
    return !left.has(thread);
  });
}

function beforeCommand(calls: readonly Call[]): Call[] {
  const first = calls[0]?.thread;
  const end = calls.findLastIndex(({ thread, name }) => thread === first && name === "execve");
  return calls.slice(0, end + 1);
}
