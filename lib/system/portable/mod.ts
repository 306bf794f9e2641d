/**
 * Linux and macOS if native code may not be called, and other systems of their kind, by the modules of Node.js
 * that all runtimes have. The command runs as a child process.
 *
 * @module
 */

import { runtime } from "../../runtime/mod.ts";
import { completeFiles } from "../files.ts";
import { linuxMachineID } from "../linux.ts";
import { searchPath } from "../search_path.ts";
import { portableOwnership } from "../ownership.ts";
import type { System } from "../system.ts";
import { setAlarm } from "./alarm.ts";
import { attempt } from "./attempt.ts";
import { detach } from "./detach.ts";
import { portableFiles } from "./files.ts";
import { launchChild } from "./launch.ts";
import { machine } from "./machine.ts";

/** A system without native code. */
export function portableSystem(): System {
  const files = completeFiles(portableFiles());
  return {
    files,
    executablePaths: searchPath,
    isTerminal: (descriptor) => process.getBuiltinModule("node:tty").isatty(descriptor),
    isOwnJob: () => undefined,
    terminalSession: () => undefined,
    ownership: portableOwnership,
    machine,
    machineID: () => runtime.os === "linux" ? linuxMachineID(files.read) : undefined,
    setAlarm,
    lock: runtime.lock,
    detach: (...call) => attempt(() => detach(...call)) ?? false,
    reapStarter() {},
    launch: launchChild,
    launchChild,
  };
}
