import type { Environment } from "../runtime/runtime.ts";
import { configDirectoryPath, joinPath } from "./paths.ts";

/** The configuration directory, which belongs to the user: the program only reads, but for the settings. */
export class ConfigDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** The user's choice. Replaced atomically by `enable` and `disable`, read by everything else. */
  get settings(): string {
    return joinPath(this.path, "settings.json");
  }

  /** The user's profiles, `*.json`. */
  get profiles(): string {
    return joinPath(this.path, "profiles");
  }
}

/** Finds the configuration directory. Returns `undefined` if the user has no home directory. */
export function findConfigDirectory(env: Environment): ConfigDirectory | undefined {
  const path = configDirectoryPath(env);
  return path === undefined ? undefined : new ConfigDirectory(path);
}
