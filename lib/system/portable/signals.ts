import { attempt } from "./attempt.ts";

// What a supervisor or a shell sends to this process has to be passed on. What a terminal sends, the command
// gets by itself, being in the same process group.
const forwardedSignals = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGCONT"] as const;
const terminalSignals = ["SIGINT", "SIGQUIT", "SIGWINCH"] as const;

/** Passes signals sent to this process on, from its beginning to its end. */
export interface SignalPassing {
  begin(): void;
  end(): void;
}

/**
 * Makes ready to pass signals on.
 *
 * @param ignored The numbers of signals that the caller has ignored, which stay so.
 */
export function signalPassing(
  pass: (signal: NodeJS.Signals) => void,
  ignored: readonly number[],
): SignalPassing {
  const { signals } = process.getBuiltinModule("node:os").constants;
  const atTerminal = hasTerminal();
  const handlers = [...forwardedSignals, ...terminalSignals]
    .filter((signal) => !ignored.includes(signals[signal]))
    .map((signal) => {
      const isFromTerminal = atTerminal && (terminalSignals as readonly string[]).includes(signal);
      return [signal, () => isFromTerminal ? undefined : pass(signal)] as const;
    });
  return {
    begin() {
      for (const [signal, handler] of handlers) process.on(signal, handler);
    },
    end() {
      for (const [signal, handler] of handlers) process.off(signal, handler);
    },
  };
}

/** Whether this process has a controlling terminal, or may have one. */
function hasTerminal(): boolean {
  const { closeSync, openSync } = process.getBuiltinModule("node:fs");
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ENXIO";
  }
}

/** The numbers of the signals that this process ignores, where a file tells them (proc_pid_status(5)). */
export function ignoredSignals(): number[] {
  const status = attempt(() => process.getBuiltinModule("node:fs").readFileSync("/proc/self/status", "utf8"));
  const set = BigInt(`0x${/^SigIgn:\s*(\w+)/m.exec(status ?? "")?.[1] ?? "0"}`);
  const { signals } = process.getBuiltinModule("node:os").constants;
  return Object.values(signals).filter((number) => set >> BigInt(number - 1) & 1n);
}
