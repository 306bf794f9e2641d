import { darwinPlatform } from "./darwin.ts";
import { linuxPlatform } from "./linux.ts";
import { portableSystem } from "./portable/mod.ts";
import { posixSystem } from "./posix/mod.ts";
import type { System } from "./system.ts";
import { windowsSystem } from "./windows/mod.ts";

export type { Change, Files, FileStatus, LaunchEnd, Lock, Machine, OptionalFile, System } from "./system.ts";

/** The compilers are told the platform, and leave out the others (`scripts/compile.ts`). */
function chooseSystem(): System {
  if (process.platform === "win32") return windowsSystem();
  const platform = process.platform === "linux"
    ? linuxPlatform()
    : process.platform === "darwin"
    ? darwinPlatform()
    : undefined;
  return platform ? posixSystem(platform) : portableSystem();
}

/** The operating system that this process runs on. */
export const system: System = chooseSystem();
