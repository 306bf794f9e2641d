import type { LibraryFunctions } from "../libc.ts";
import type { Machine } from "../system.ts";
import { runtime } from "../../runtime/mod.ts";
import { hexPairs } from "../../runtime/hash.ts";
import type { PosixPlatform } from "./platform.ts";

const hostnameLength = 256;

/** Reads the facts about machine and user. */
export function machine(platform: PosixPlatform): Machine {
  const { libc } = platform;
  return {
    hostname: hostname(libc),
    hardwareAddresses: platform.hardwareAddresses().map((address) => hexPairs(address).join(":")),
    uid: libc.getuid(),
    gid: libc.getgid(),
  };
}

function hostname(libc: LibraryFunctions): string | undefined {
  const name = new Uint8Array(hostnameLength);
  if (libc.gethostname(name, name.length) !== 0) return undefined;
  return runtime.decode(name.subarray(0, name.indexOf(0)));
}
