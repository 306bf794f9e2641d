/**
 * Linux and macOS: what both do alike, by the C library.
 *
 * @module
 */

import { completeFiles } from "../files.ts";
import { searchPath } from "../search_path.ts";
import type { System } from "../system.ts";
import { detach } from "./detach.ts";
import { posixFiles } from "./files.ts";
import { replaceProcess } from "./launch.ts";
import { lock } from "./lock.ts";
import { machine } from "./machine.ts";
import type { PosixPlatform } from "./platform.ts";

/** The system of a POSIX platform. */
export function posixSystem(platform: PosixPlatform): System {
  const shells: number[] = [];
  const reapStarter = () => {
    for (const shell of shells.splice(0)) platform.libc.waitpid(shell, null, 0);
  };
  return {
    files: completeFiles(posixFiles(platform)),
    executablePaths: searchPath,
    isTerminal: (descriptor) => platform.libc.isatty(descriptor) === 1,
    isOwnJob: () => platform.isOwnJob(),
    terminalSession: () => platform.terminalSession(),
    ownership: (path) => platform.ownership(path),
    machine: () => machine(platform),
    machineID: () => platform.machineID(),
    setAlarm: (seconds) => void platform.libc.alarm(seconds),
    lock: (path) => lock(platform, path),
    detach(command, directory, variables) {
      const shell = detach(platform, command, directory, variables);
      if (shell !== undefined) shells.push(shell);
      return shell !== undefined;
    },
    reapStarter,
    launch: (command, variables) =>
      Promise.resolve(replaceProcess(platform, command, variables, reapStarter)),
    async launchChild(command, variables) {
      reapStarter();
      const { launchChild } = await import("./launch_child.ts");
      return await launchChild(platform, command, variables);
    },
  };
}
