/**
 * The user's profiles in compiled form. A tool can have thousands of commands; to parse and check them all takes
 * longer than everything else between start and launch. So they are checked once, by the courier, and a run
 * reads only what its own command line may call.
 *
 * The first line says for which files the cache holds, which profile claims what, and the place of each tool in
 * the file. Each further line is a command: the number of its profile and the names from the root down, a tab,
 * and the command as JSON. In place of the commands below it stand their words and places.
 *
 * @module
 */

import type { StateDirectory } from "../directories/state_directory.ts";
import type { CommandTree } from "./name.ts";
import type { Candidate, Profile } from "./profile.ts";
import { system } from "../system/mod.ts";
import { version } from "../brand.ts";

/** Where a command's line is: its first byte behind the first line, and its length in bytes. */
export type Place = readonly [offset: number, length: number];

/** A command, with the words and the places of the commands below it in their stead. */
export type CompiledCommand = Omit<CommandTree, "commands"> & {
  readonly commands?: readonly { readonly words: readonly string[]; readonly place: Place }[];
};

type CompiledKey = "name" | "source" | "origin" | "match" | "problem" | "advice";

/** A profile, or what is wrong with it. */
export interface CompiledProfile extends Pick<Candidate, CompiledKey> {
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

/** Reads the cache. Returns `undefined` if it does not hold for these files in their present state. */
export function cachedCandidates(
  { profileCache }: StateDirectory,
  stamp: string,
): Candidate[] | undefined {
  return readCache((offset, length) => system.files.read(profileCache, offset, length), stamp);
}

/** Reads a cache through a function that reads its bytes. */
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
