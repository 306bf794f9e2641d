import { cString, cStringTable, encode, type LibraryFunctions } from "../libc.ts";
import type { PosixPlatform } from "./platform.ts";

const O_RDWR = 2;

// The greatest of these opaque structures (posix_spawnattr_t of glibc) takes 336 bytes.
const opaqueLength = 512;

// The shell leaves its child to the init process and ends; the child has the marker, this process never does.
const detachScript = 'cd "$1" || exit; shift; exec "$@" &';

/**
 * Starts a program as `System.detach` says, through a shell that ends at once.
 *
 * @returns The shell's process ID, `undefined` if it could not be started.
 */
export function detach(
  platform: PosixPlatform,
  command: readonly string[],
  directory: string,
  variables: Readonly<Record<string, string>>,
): number | undefined {
  const { libc } = platform;
  const environment = platform.environment();
  if (!environment) return undefined;
  const additions = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const shell = ["sh", "-c", detachScript, "sh", directory, ...command];
  const process = new Uint8Array(4);
  const passDescriptors = platform.withholdDescriptors();
  const error = libc.posix_spawn(
    process,
    cString("/bin/sh"),
    nullDeviceActions(libc),
    sessionAttributes(platform),
    cStringTable(shell.map(encode)),
    cStringTable([...additions.map(encode), ...environment]),
  );
  passDescriptors();
  return error === 0 ? new DataView(process.buffer).getInt32(0, true) : undefined;
}

function nullDeviceActions(libc: LibraryFunctions): Uint8Array {
  const actions = new Uint8Array(opaqueLength);
  libc.posix_spawn_file_actions_init(actions);
  for (const descriptor of [0, 1, 2]) {
    libc.posix_spawn_file_actions_addopen(actions, descriptor, cString("/dev/null"), O_RDWR, 0);
  }
  return actions;
}

function sessionAttributes(platform: PosixPlatform): Uint8Array {
  const attributes = new Uint8Array(opaqueLength);
  platform.libc.posix_spawnattr_init(attributes);
  platform.libc.posix_spawnattr_setflags(attributes, platform.spawnFlags);
  return attributes;
}
