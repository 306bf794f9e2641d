/**
 * Linux and macOS: what both do alike, by the C library.
 *
 * @module
 */

import type { System } from "../system.ts";
import { detach } from "./detach.ts";
import { posixFiles } from "./files.ts";
import { launchChild, replaceProcess } from "./launch.ts";
import { lock } from "./lock.ts";
import { machine } from "./machine.ts";
import type { PosixPlatform } from "./platform.ts";

/** The system of a POSIX platform. */
export function posixSystem(platform: PosixPlatform): System {
  return {
    files: posixFiles(platform),
    pathSeparator: ":",
    executableEndings: [""],
    isTerminal: (descriptor) => platform.libc.isatty(descriptor) === 1,
    machine: () => machine(platform),
    machineID: () => platform.machineID(),
    setAlarm: (seconds) => void platform.libc.alarm(seconds),
    lock: (path) => lock(platform, path),
    detach: (command, directory, variables) => detach(platform, command, directory, variables),
    launch: (command, variables) => Promise.resolve(replaceProcess(platform, command, variables)),
    launchChild: (command, variables) => launchChild(platform, command, variables),
  };
}
