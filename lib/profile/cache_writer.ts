/**
 * Writes the user's profiles in compiled form, as `cache.ts` reads them; done by the courier, off the way of a run.
 *
 * @module
 */

import type { StateDirectory } from "../directories/state_directory.ts";
import {
  cachedCandidates,
  type CompiledCommand,
  type CompiledProfile,
  type Header,
  type Place,
} from "./cache.ts";
import { listProfileFiles } from "./folder.ts";
import type { CommandTree } from "./name.ts";
import type { Candidate } from "./profile.ts";
import type { Environment } from "../runtime/runtime.ts";
import { system } from "../system/mod.ts";
import { version } from "../brand.ts";

/** Writes the text of a cache. */
export function compileCandidates(candidates: readonly Candidate[], stamp: string): string {
  const body = new Body();
  const profiles = candidates.map(
    ({ name, source, origin, match, problem, advice, load }, number): CompiledProfile => {
      if (problem !== undefined) return { name, source, origin, match, problem };
      const { root, ...head } = load([]);
      return { name, source, origin, match, advice, head, root: writeCommand(root, String(number), body) };
    },
  );
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

/** Writes the cache anew if a profile's file has changed. Gives up silently if it cannot be written. */
export async function refreshCache(state: StateDirectory, env: Environment): Promise<void> {
  const { paths, stamp } = listProfileFiles(env);
  if (paths.length === 0 || cachedCandidates(state, stamp)) return;
  const { readCandidates } = await import("./file.ts");
  system.files.replace(state.profileCache, compileCandidates(readCandidates(paths), stamp));
}
