import { copyMemory, type LibraryFunctions } from "../libc.ts";
import type { Machine } from "../system.ts";
import { hexPairs } from "../../hex.ts";
import type { PosixPlatform } from "./platform.ts";

const hostnameLength = 256;

/** Reads the facts about machine and user. */
export function machine(platform: PosixPlatform): Machine {
  const { libc } = platform;
  return {
    hostname: hostname(libc),
    hardwareAddresses: hardwareAddresses(platform),
    uid: libc.getuid(),
    gid: libc.getgid(),
  };
}

function hostname(libc: LibraryFunctions): string | undefined {
  const name = new Uint8Array(hostnameLength);
  if (libc.gethostname(name, name.length) !== 0) return undefined;
  return new TextDecoder().decode(name.subarray(0, name.indexOf(0)));
}

/** Walks `struct ifaddrs` (getifaddrs(3)): next at 0, the socket address's pointer at 24 on 64-bit systems. */
function hardwareAddresses(platform: PosixPlatform): string[] {
  const { libc } = platform;
  const first = new Uint8Array(8);
  if (libc.getifaddrs(first) !== 0) return [];
  const head = new DataView(first.buffer).getBigUint64(0, true);
  const addresses: string[] = [];
  for (let entry = head; entry !== 0n;) {
    const fields = new DataView(copyMemory(libc, entry, 32).buffer);
    const socketAddress = fields.getBigUint64(24, true);
    const bytes = socketAddress === 0n ? undefined : platform.hardwareAddress(socketAddress);
    if (bytes) addresses.push(hexPairs(bytes).join(":"));
    entry = fields.getBigUint64(0, true);
  }
  libc.freeifaddrs(head);
  return addresses;
}
