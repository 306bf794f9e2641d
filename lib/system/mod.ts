import { runtime } from "../runtime/mod.ts";
import { darwinPlatform } from "./darwin.ts";
import { linuxPlatform } from "./linux.ts";
import { portableSystem } from "./portable.ts";
import { posixSystem } from "./posix/mod.ts";
import type { System } from "./system.ts";
import { windowsSystem } from "./windows.ts";

export type { Files, LaunchEnd, Lock, Machine, OptionalFile, System } from "./system.ts";

function chooseSystem(): System {
  if (runtime.os === "windows") return windowsSystem();
  const platform = runtime.os === "linux"
    ? linuxPlatform()
    : runtime.os === "darwin"
    ? darwinPlatform()
    : undefined;
  return platform ? posixSystem(platform) : portableSystem();
}

/** The operating system that this process runs on. */
export const system: System = chooseSystem();
