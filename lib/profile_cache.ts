/**
 * The user's profiles in compiled form: checked once, off the way of a run, and laid out so that a run
 * reads only what its own command line may call. A tool can have thousands of commands; parsing and
 * checking them all costs more than everything else between start and launch.
 *
 * The first line says for which files it holds and who claims what. Each further line is one command:
 * the number of the profile and the names from the root down, a tab, and the command without the
 * commands below it, of which it has the words alone.
 *
 * @module
 */

import type { CommandTree } from "./name.ts";
import type { Candidate, Profile } from "./profile.ts";
import { runtime } from "./runtime/mod.ts";
import { system } from "./system/mod.ts";
import { version } from "./version.ts";

type CompiledCommand = Omit<CommandTree, "commands"> & {
  readonly commands?: readonly (readonly string[])[];
};

interface CompiledProfile extends Pick<Candidate, "name" | "source" | "match" | "problem"> {
  readonly head?: Omit<Profile, "root">;
}

interface Header {
  readonly version: string;
  readonly stamp: string;
  readonly profiles: readonly CompiledProfile[];
}

/** The cache's file within the state directory. */
export function cacheFile(stateDirectory: string): string {
  return `${stateDirectory}/profiles.cache`;
}

/** Reads the cache; nothing where there is none for these files in their present state. */
export function cachedCandidates(stateDirectory: string, stamp: string): Candidate[] | undefined {
  const text = system.files.read(cacheFile(stateDirectory));
  return text === undefined ? undefined : parseCache(text, stamp);
}

/** Reads a cache's text. */
export function parseCache(text: string, stamp: string): Candidate[] | undefined {
  try {
    const header: Header = JSON.parse(text.slice(0, text.indexOf("\n")));
    if (header.version !== version || header.stamp !== stamp) return undefined;
    return header.profiles.map((profile, number) => ({
      ...profile,
      load: (args) => ({ ...profile.head!, root: readCommand(text, String(number), args) }),
    }));
  } catch {
    return undefined;
  }
}

/** Reads a command and those below it that the arguments may call: no other can be found by them. */
function readCommand(text: string, place: string, args: readonly string[]): CommandTree {
  const start = text.indexOf(`\n${place}\t`) + place.length + 2;
  const command: CompiledCommand = JSON.parse(text.slice(start, text.indexOf("\n", start)));
  const called = command.commands?.filter((words) => words.some((word) => args.includes(word))) ?? [];
  return { ...command, commands: called.map(([name]) => readCommand(text, `${place} ${name}`, args)) };
}

/** Writes the text of a cache. */
export function compileCandidates(candidates: readonly Candidate[], stamp: string): string {
  const lines: string[] = [];
  const profiles = candidates.map(({ name, source, match, problem, load }, number): CompiledProfile => {
    if (problem !== undefined) return { name, source, match, problem };
    const { root, ...head } = load([]);
    writeCommand(root, String(number), lines);
    return { name, source, match, head };
  });
  const header: Header = { version, stamp, profiles };
  return [JSON.stringify(header), ...lines, ""].join("\n");
}

function writeCommand(command: CommandTree, place: string, lines: string[]): void {
  const commands = firstOfName(command.commands ?? []);
  const words = commands.map(({ name, aliases = [] }) => [name, ...aliases]);
  const compiled: CompiledCommand = { ...command, commands: words };
  lines.push(`${place}\t${JSON.stringify(compiled)}`);
  for (const child of commands) writeCommand(child, `${place} ${child.name}`, lines);
}

/** Of two commands of one name the first is found, as in cobra. */
function firstOfName(commands: readonly CommandTree[]): CommandTree[] {
  const names = commands.map(({ name }) => name);
  return commands.filter(({ name }, index) => names.indexOf(name) === index);
}

/** Writes the cache anew if a profile's file has changed; what cannot be written is given up. */
export async function refreshCache(stateDirectory: string): Promise<void> {
  const { listProfileFiles } = await import("./profile_folder.ts");
  const files = listProfileFiles(runtime.env);
  if (!files || files.names.length === 0 || cachedCandidates(stateDirectory, files.stamp)) return;
  const { readCandidates } = await import("./profile_file.ts");
  const unfinished = `${cacheFile(stateDirectory)}.new`;
  system.files.remove(unfinished);
  const isWritten = system.files.create(unfinished, compileCandidates(readCandidates(files), files.stamp));
  if (isWritten) system.files.rename(unfinished, cacheFile(stateDirectory));
}
