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

import type { CommandTree } from "../name.ts";
import type { Candidate, Profile } from "./profile.ts";
import { runtime } from "../runtime/mod.ts";
import { system } from "../system/mod.ts";
import { version } from "../version.ts";

/** Where a command's line is: its first byte behind the first line, and its length in bytes. */
type Place = readonly [offset: number, length: number];

type CompiledCommand = Omit<CommandTree, "commands"> & {
  readonly commands?: readonly { readonly words: readonly string[]; readonly place: Place }[];
};

interface CompiledProfile extends Pick<Candidate, "name" | "source" | "match" | "problem"> {
  readonly head?: Omit<Profile, "root">;
  readonly root?: Place;
}

interface Header {
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

/** Writes the text of a cache. */
export function compileCandidates(candidates: readonly Candidate[], stamp: string): string {
  const body = new Body();
  const profiles = candidates.map(({ name, source, match, problem, load }, number): CompiledProfile => {
    if (problem !== undefined) return { name, source, match, problem };
    const { root, ...head } = load([]);
    return { name, source, match, head, root: writeCommand(root, String(number), body) };
  });
  const header: Header = { version, stamp, profiles };
  return `${JSON.stringify(header)}\n${body.text()}`;
}

/** The lines behind the first. */
class Body {
  readonly #lines: string[] = [];
  #length = 0;

  add(line: string): Place {
    const place: Place = [this.#length, new TextEncoder().encode(line).length];
    this.#lines.push(line);
    this.#length += place[1] + 1;
    return place;
  }

  text(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }
}

function writeCommand(command: CommandTree, path: string, body: Body): Place {
  const commands = firstOfName(command.commands ?? []).map((child) => ({
    words: [child.name, ...child.aliases ?? []],
    place: writeCommand(child, `${path} ${child.name}`, body),
  }));
  const compiled: CompiledCommand = { ...command, commands };
  return body.add(`${path}\t${JSON.stringify(compiled)}`);
}

/** Of two commands of one name the first is found, as in cobra. */
function firstOfName(commands: readonly CommandTree[]): CommandTree[] {
  const names = commands.map(({ name }) => name);
  return commands.filter(({ name }, index) => names.indexOf(name) === index);
}

/** Writes the cache anew if a profile's file has changed; what cannot be written is given up. */
export async function refreshCache(stateDirectory: string): Promise<void> {
  const { listProfileFiles } = await import("./folder.ts");
  const files = listProfileFiles(runtime.env);
  if (!files || files.names.length === 0 || cachedCandidates(stateDirectory, files.stamp)) return;
  const { readCandidates } = await import("./file.ts");
  const unfinished = `${cacheFile(stateDirectory)}.new`;
  system.files.remove(unfinished);
  const isWritten = system.files.create(unfinished, compileCandidates(readCandidates(files), files.stamp));
  if (isWritten) system.files.rename(unfinished, cacheFile(stateDirectory));
}
