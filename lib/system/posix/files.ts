import { runtime } from "../../runtime/mod.ts";
import { type BasicFiles, folderOf } from "../files.ts";
import { copyString, cString, type LibraryFunctions, readText, readWholeText } from "../libc.ts";
import { lastError, type PosixPlatform } from "./platform.ts";
import { SIG_IGN, signalNumbers } from "./signals.ts";

const ENOENT = 2;
const ENOTDIR = 20;
const READABLE_FILE = 0;
const EXECUTABLE_FILE = 1;
const WRITABLE_FILE = 2;
const pathLength = 4096;

/** The files of a POSIX system. */
export function posixFiles(platform: PosixPlatform): BasicFiles {
  const { libc, nonBlockingFlag: flags } = platform;
  return {
    create(path, text) {
      const descriptor = libc.creat(cString(path), 0o600);
      if (descriptor < 0) return false;
      const written = writeWithinLimit(libc, descriptor, new TextEncoder().encode(text));
      const closed = libc.close(descriptor);
      return written && closed === 0;
    },
    rename: (from, to) => libc.rename(cString(from), cString(to)) === 0,
    makeDirectory: (path) => asOwnerOf(libc, folderOf(path), () => libc.mkdir(cString(path), 0o700) === 0),
    remove: (path) => libc.unlink(cString(path)) === 0,
    removeDirectory: (path) => libc.rmdir(cString(path)) === 0,
    failure: () => describeError(libc, lastError(platform)),
    exists: (path) => libc.access(cString(path), READABLE_FILE) === 0,
    read: (path, offset, length) => readText(libc, path, { flags, offset, length }),
    readOptional(path) {
      const text = readWholeText(libc, path, flags);
      if (text !== undefined) return { kind: "text", text };
      const error = lastError(platform);
      if ([ENOENT, ENOTDIR].includes(error)) return { kind: "missing" };
      return { kind: "unreadable", reason: describeError(libc, error) };
    },
    isExecutable(path) {
      const isFound = libc.access(cString(path), EXECUTABLE_FILE) === 0;
      return isFound && libc.access(cString(`${path}/.`), READABLE_FILE) !== 0;
    },
    realPath(path) {
      const resolved = new Uint8Array(pathLength);
      if (libc.realpath(cString(path), resolved) === 0n) return undefined;
      return runtime.decode(resolved.subarray(0, resolved.indexOf(0)));
    },
    linkTarget(path) {
      const target = new Uint8Array(pathLength);
      const length = Number(libc.readlink(cString(path), target, target.length));
      return length < 0 ? undefined : runtime.decode(target.subarray(0, length));
    },
    isWritable: (path) => libc.access(cString(path), WRITABLE_FILE) === 0,
  };
}

/**
 * Does something as the owner of a folder, if this process is root's. Giving away afterwards what root has made
 * would let that user put something else in its place in between.
 */
export function asOwnerOf(libc: LibraryFunctions, folder: string, act: () => boolean): boolean {
  const owner = runtime.foreignOwner(folder);
  if (!owner) return act();
  libc.setegid(owner.gid);
  libc.seteuid(owner.uid);
  const done = act();
  libc.seteuid(0);
  libc.setegid(0);
  return done;
}

/** Says what an error number means (strerror(3)), as a part of a sentence. */
function describeError(libc: LibraryFunctions, error: number): string {
  const text = copyString(libc, libc.strerror(error));
  return text[0].toLowerCase() + text.slice(1);
}

/** Beyond the limit of file sizes a write fails, as it should, but also sends a signal that ends the process. */
function writeWithinLimit(libc: LibraryFunctions, descriptor: number, bytes: Uint8Array): boolean {
  const handler = libc.signal(signalNumbers.SIGXFSZ, SIG_IGN);
  const written = libc.write(descriptor, bytes, bytes.length);
  libc.signal(signalNumbers.SIGXFSZ, handler);
  return written === BigInt(bytes.length);
}
