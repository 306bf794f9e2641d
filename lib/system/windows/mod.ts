/**
 * Windows: the modules of Node.js for what they can do, and native code for the rest, which is most of what a
 * wrapper needs. Written from Microsoft's documentation and run under Wine (`tests/windows`).
 *
 * @module
 */

import { completeFiles } from "../files.ts";
import { setAlarm } from "../portable/alarm.ts";
import { attempt } from "../portable/attempt.ts";
import { machine } from "../portable/machine.ts";
import { runtime } from "../../runtime/mod.ts";
import { portableOwnership } from "../ownership.ts";
import type { Machine, System } from "../system.ts";
import { adapterAddresses } from "./adapters.ts";
import { detach, detachPortably } from "./detach.ts";
import { windowsFiles } from "./files.ts";
import { executablePaths } from "./find.ts";
import { hostName } from "./host_name.ts";
import { type Kernel, openKernel } from "./kernel.ts";
import { launch, launchChild } from "./launch.ts";
import { launchPortably } from "./launch_portably.ts";
import { lock } from "./lock.ts";
import { machineID } from "./machine_id.ts";

/** Windows, as far as native code may be called. */
export function windowsSystem(): System {
  const kernel = openKernel();
  return kernel ? { ...portable(), ...native(kernel) } : portable();
}

function portable(): System {
  const files = completeFiles(windowsFiles());
  return {
    files,
    executablePaths,
    isTerminal: (descriptor) => process.getBuiltinModule("node:tty").isatty(descriptor),
    isOwnJob: () => undefined,
    terminalSession: () => undefined,
    ownership: portableOwnership,
    machine,
    machineID: () => undefined,
    setAlarm,
    lock: runtime.lock,
    detach: (...call) => attempt(() => detachPortably(...call)) ?? false,
    reapStarter() {},
    launch: (...call) => launchPortably(files, ...call),
    launchChild: (...call) => launchPortably(files, ...call),
  };
}

function native(kernel: Kernel) {
  const files = completeFiles(windowsFiles());
  return {
    machine: () => nativeMachine(kernel),
    machineID,
    lock: (path) => lock(kernel, path),
    detach: (...call) => detach(kernel, ...call),
    launch: (...call) => Promise.resolve(launch(kernel, files, ...call)),
    launchChild: (...call) => launchChild(kernel, files, ...call),
  } satisfies Partial<System>;
}

function nativeMachine(kernel: Kernel): Machine {
  const hardwareAddresses = adapterAddresses(kernel);
  if (!hardwareAddresses) return machine();
  return { hostname: hostName(kernel), hardwareAddresses, uid: -1, gid: -1 };
}
