import { runtime } from "../../runtime/mod.ts";
import { linuxHardwareAddresses } from "../linux.ts";
import type { Machine } from "../system.ts";
import { portableFiles } from "./files.ts";

type NetworkInterfaces = ReturnType<typeof import("node:os").networkInterfaces>;

/** Reads the facts about machine and user by the modules of Node.js. */
export function machine(): Machine {
  const os = process.getBuiltinModule("node:os");
  return {
    hostname: os.hostname() || undefined,
    hardwareAddresses: hardwareAddresses(os.networkInterfaces()),
    uid: process.getuid?.() ?? -1,
    gid: process.getgid?.() ?? -1,
  };
}

/** On systems other than Linux, interfaces that are down or have no IP address are missing. */
function hardwareAddresses(interfaces: NetworkInterfaces): string[] {
  // An alias such as `eth0:1` is the interface itself.
  const names = Object.keys(interfaces).map((name) => name.replace(/:.*/, ""));
  const all = runtime.os === "linux" ? linuxHardwareAddresses(portableFiles(), names) : undefined;
  return all ??
    Object.values(interfaces).flatMap((addresses) => addresses?.slice(0, 1) ?? []).map(({ mac }) => mac);
}
