import type { BasicFiles } from "../files.ts";
import { attempt } from "../portable/attempt.ts";
import { portableFiles } from "../portable/files.ts";

/** Files of Windows. */
export function windowsFiles(): BasicFiles {
  const { realpathSync } = process.getBuiltinModule("node:fs");
  return {
    ...portableFiles(),
    // As the file system writes it: the same file may be called by upper and lower case.
    realPath: (path) => attempt(() => realpathSync.native(path)),
  };
}
