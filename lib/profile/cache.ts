/**
 * The user's profiles in compiled form: checked once, off the way of a run, and laid out so that a run
 * reads only what its own command line may call. A tool can have thousands of commands; parsing and
 * checking them all costs more than everything else between start and launch.
 *
 * The first line says for which files it holds, who claims what, and where in the file the tool itself
 * is. Each further line is one command: the number of the profile and the names from the root down, a
 * tab, and the command, with the words and the places of the commands below it in their stead.
 *
 * @module
 */

import type { CommandTree } from "./name.ts";
import type { Candidate, Profile } from "./profile.ts";
import { system } from "../system/mod.ts";
import { version } from "../version.ts";

/** Where a command's line is: its first byte behind the first line, and its length in bytes. */
export type Place = readonly [offset: number, length: number];

/** A command, with the words and the places of the commands below it in their stead. */
export type CompiledCommand = Omit<CommandTree, "commands"> & {
  readonly commands?: readonly { readonly words: readonly string[]; readonly place: Place }[];
};

/** A profile, or what is wrong with it. */
export interface CompiledProfile extends Pick<Candidate, "name" | "source" | "match" | "problem"> {
  readonly head?: Omit<Profile, "root">;
  readonly root?: Place;
}

/** The first line. */
export interface Header {
  readonly version: string;
  readonly stamp: string;
  readonly profiles: readonly CompiledProfile[];
}

/** Reads some bytes of a cache as text. */
type Reader = (offset: number, length?: number) => string | undefined;

/** The cache's file within the state directory. */
export function cacheFile(stateDirectory: string): string {
  return `${stateDirectory}/profiles.cache`;
}

/** Reads the cache; nothing where there is none for these files in their present state. */
export function cachedCandidates(stateDirectory: string, stamp: string): Candidate[] | undefined {
  const file = cacheFile(stateDirectory);
  return readCache((offset, length) => system.files.read(file, offset, length), stamp);
}

/** Reads a cache by its bytes. */
export function readCache(read: Reader, stamp: string): Candidate[] | undefined {
  const [line, rest] = read(0)?.split("\n", 2) ?? [];
  if (line === undefined || rest === undefined) return undefined;
  try {
    const header: Header = JSON.parse(line);
    if (header.version !== version || header.stamp !== stamp) return undefined;
    const start = new TextEncoder().encode(line).length + 1;
    const readPlace = ([offset, length]: Place) => read(start + offset, length);
    return header.profiles.map((profile, number) => ({
      ...profile,
      load: (args) => ({
        ...profile.head!,
        root: readCommand(readPlace, profile.root!, String(number), args),
      }),
    }));
  } catch {
    return undefined;
  }
}

/** Reads a command and those below it that the arguments may call: no other can be found by them. */
function readCommand(
  read: (place: Place) => string | undefined,
  place: Place,
  path: string,
  args: readonly string[],
): CommandTree {
  const line = read(place);
  if (!line?.startsWith(`${path}\t`)) throw new Error("the cache of the profiles has changed meanwhile");
  const command: CompiledCommand = JSON.parse(line.slice(path.length + 1));
  const called = command.commands?.filter(({ words }) => words.some((word) => args.includes(word))) ?? [];
  return {
    ...command,
    commands: called.map((child) => readCommand(read, child.place, `${path} ${child.words[0]}`, args)),
  };
}
