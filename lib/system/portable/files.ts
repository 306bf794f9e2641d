import type { BasicFiles } from "../files.ts";
import type { OptionalFile } from "../system.ts";
import { attempt } from "./attempt.ts";

/** Files by the modules of Node.js. */
export function portableFiles(): BasicFiles {
  const fs = process.getBuiltinModule("node:fs");
  let failure = "";
  const succeeds = (act: () => void) => {
    try {
      act();
      return true;
    } catch (error) {
      failure = reasonOf(error as Error);
      return false;
    }
  };
  return {
    create: (path, text) => succeeds(() => fs.writeFileSync(path, text, { mode: 0o600, flag: "wx" })),
    rename: (from, to) => succeeds(() => fs.renameSync(from, to)),
    makeDirectory: (path) => succeeds(() => fs.mkdirSync(path, { mode: 0o700 })),
    remove: (path) => succeeds(() => fs.unlinkSync(path)),
    removeDirectory: (path) => succeeds(() => fs.rmdirSync(path)),
    failure: () => failure,
    // Deno throws if it may not look.
    exists: (path) => attempt(() => fs.existsSync(path)) ?? false,
    isWritable: (path) => succeeds(() => fs.accessSync(path, fs.constants.W_OK)),
    isExecutable: (path) =>
      succeeds(() => fs.accessSync(path, fs.constants.X_OK)) && !fs.statSync(path).isDirectory(),
    realPath: (path) => attempt(() => fs.realpathSync(path)),
    read: (path, offset = 0, length = 65_536) =>
      attempt(() => readBytes(path).subarray(offset, offset + length).toString("utf8")),
    readOptional,
    linkTarget: (path) => attempt(() => fs.readlinkSync(path)),
  };
}

/** A FIFO would be waited for until something writes to it. */
function readBytes(path: string) {
  const { readFileSync, statSync } = process.getBuiltinModule("node:fs");
  if (statSync(path).isFIFO()) throw new Error(`${path} is no file`);
  return readFileSync(path);
}

function readOptional(path: string): OptionalFile {
  try {
    return { kind: "text", text: readBytes(path).toString("utf8") };
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ENOTDIR"].includes(code)) return { kind: "missing" };
    return { kind: "unreadable", reason: reasonOf(error as Error) };
  }
}

/** Takes out what a message repeats: the code before the reason, and the call and the path behind it. */
function reasonOf({ message }: Error): string {
  return message.replace(/^[A-Z]+: /, "").replace(/, \w+( '.*)?$/s, "");
}
