/**
 * The directory in which an organisation sets up what holds for everyone on a machine. It lies at a fixed place,
 * to which no variable of a user's leads on POSIX, and nothing in it counts that others than root may write.
 *
 * @module
 */

import { runtime } from "../runtime/mod.ts";
import type { Environment } from "../runtime/runtime.ts";
import { system } from "../system/mod.ts";

/** Every path in the directory. Making one touches no disk. */
export class OrganisationDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** The organisation's choice and the address of its server. */
  get settings(): string {
    return `${this.path}/settings.json`;
  }

  /** The organisation's profiles, `*.json`. */
  get profiles(): string {
    return `${this.path}/profiles`;
  }
}

const places: Readonly<Record<string, string>> = {
  darwin: "/Library/Application Support/gs-telemetry",
  linux: "/etc/gs-telemetry",
};

/** Returns the directory, whether or not it is there. */
export function organisationDirectory(env: Environment): OrganisationDirectory {
  const onWindows = `${env("ProgramData") ?? "C:/ProgramData"}/gs-telemetry`;
  return new OrganisationDirectory(runtime.os === "windows" ? onWindows : places[runtime.os] ?? places.linux);
}

/** Whether something in the directory counts. If not, `reason` is a part of a sentence about it. */
export type Trust =
  | { readonly kind: "trusted" | "missing" }
  /** It may have been written by others, or is not what it should be. */
  | { readonly kind: "ignored"; readonly reason: string }
  /** It is there, or may be there, and the system does not say whose it is. */
  | { readonly kind: "unknown" };

const typeBits = 0o170000;
const types = { directory: 0o040000, file: 0o100000 };
const link = 0o120000;
const writableByOthers = 0o022;
// Linux shows users whom a namespace does not know as this one.
const overflowUser = 65_534;

/** Reports whether this process sees all users as they are: not so in a user namespace (user_namespaces(7)). */
function seesAllUsers(): boolean {
  const map = system.files.read("/proc/self/uid_map");
  return map === undefined || /^\s*0\s+0\s+4294967295\s*$/.test(map);
}

/** Looks whether nobody but root could have written it. Does not follow a link. */
export function trustIn(path: string, expected: keyof typeof types): Trust {
  const owner = system.ownership(path);
  if (owner === "missing" || owner === "unknown") return { kind: owner };
  const { uid, mode } = owner;
  const type = mode & typeBits;
  if (type === link) return { kind: "ignored", reason: "is a symbolic link" };
  if (type !== types[expected]) return { kind: "ignored", reason: `is no ${expected}` };
  // Root's own files look so in a user namespace, where an "off" must not be lost.
  if (uid === overflowUser && !seesAllUsers()) return { kind: "unknown" };
  if (uid !== 0) return { kind: "ignored", reason: `belongs to user ${uid}, not to root` };
  if (mode & writableByOthers) return { kind: "ignored", reason: "may be written by others than root" };
  return { kind: "trusted" };
}
