/**
 * A tool's tree of commands, learned from the tool. A word gets into it only after the tool has shown
 * that it takes that word for a command: names of clusters, images and files, which completion offers
 * just as well, do not.
 *
 * @module
 */

import type { CommandTree } from "../name.ts";
import type { Asker } from "./asker.ts";
import { FlagLearner, type LearnedFlag } from "./flags.ts";

/** A command and all of its flags, those from above included, since only its parent can tell which those are. */
interface LearnedCommand {
  readonly tree: CommandTree;
  readonly flags: readonly LearnedFlag[];
}

/** How a tool takes a word: for a command whose flags cobra parses, or one that gets them unparsed, or for none. */
type WordKind = "command" | "unparsed" | "none";

const depthLimit = 8;
const commandLimit = 5_000;
// Commands are offered before arguments; after so many words in a row that are none, none will come.
const candidatesAtOnce = 20;

// No tool has this flag, and what it complains about tells which words it took for commands.
const unknownFlag = "--gs-telemetry-learns";
const someArgument = "argument";

const printingFlags = ["--help", "--version"];
const uncountedAtRoot = ["help", "completion", "version"];

/** Learns a tool's tree. */
export class TreeLearner {
  readonly #asker: Asker;
  readonly #flags: FlagLearner;
  readonly #tell: (commands: number) => void;
  #helpCompletes = false;
  #count = 0;

  /** @param tell Is told how many commands are known so far. */
  constructor(asker: Asker, tell: (commands: number) => void) {
    this.#asker = asker;
    this.#flags = new FlagLearner(asker);
    this.#tell = tell;
  }

  /** @returns `undefined` if the tool does not answer as cobra does. */
  async learn(name: string): Promise<CommandTree | undefined> {
    const offered = await this.#asker.complete([""]);
    if (!offered || !await this.#isCommand([])) return undefined;
    const helped = await this.#asker.complete(["help", ""]);
    // Help leaves out the user's own plugins and aliases, and offers only commands.
    const commands = helped?.offers.map(({ word }) => word) ?? [];
    this.#helpCompletes = commands.length > 0 &&
      commands.every((word) => offered.offers.some((offer) => offer.word === word));
    const { tree } = await this.#learnCommand(name, [], []);
    return {
      ...tree,
      commands: [...tree.commands ?? [], {
        name: "__complete",
        aliases: ["__completeNoDesc"],
        counted: false,
      }],
    };
  }

  /** @param above The flags that the commands above have and this one may have from them. */
  async #learnCommand(
    name: string,
    path: readonly string[],
    above: readonly LearnedFlag[],
  ): Promise<LearnedCommand> {
    if (++this.#count > commandLimit) throw new Error(`the tool has more than ${commandLimit} commands`);
    this.#tell(this.#count);
    const isUncounted = path.length === 1 && uncountedAtRoot.includes(name);
    const aliases = path.length === 0 ? [] : await this.#aliases(path);
    const start = { name, ...(aliases.length > 0 ? { aliases } : {}) };
    const flags = await this.#flags.learn(path);
    const own = flags.filter((flag) => !above.some((other) => isSame(flag, other)));
    const children = isUncounted ? [] : await this.#children(path, [...above, ...own]);
    const isTraversed = await this.#isTraversed(path, own, children);
    const isInterspersed = children.length > 0 || await this.#isInterspersed(path);
    return {
      tree: {
        ...start,
        ...describeFlags(own, children, { isRoot: path.length === 0, isTraversed }),
        ...(isUncounted ? { counted: false } : {}),
        ...(isInterspersed ? {} : { interspersed: false }),
        ...(children.length > 0 ? { commands: children.map(({ tree }) => tree) } : {}),
      },
      flags,
    };
  }

  async #children(path: readonly string[], above: readonly LearnedFlag[]): Promise<LearnedCommand[]> {
    if (path.length >= depthLimit) return [];
    const kinds = await this.#commandWords(path);
    const words = [...kinds.keys()];
    const children = await Promise.all(
      words.map((word) =>
        kinds.get(word) === "unparsed"
          ? this.#unparsedCommand(word)
          : this.#learnCommand(word, [...path, word], above)
      ),
    );
    return children.map((child) => withoutAliases(child, words));
  }

  /** A command that gets its flags unparsed has none for the tool to tell; to ask it for help would run it. */
  #unparsedCommand(name: string): LearnedCommand {
    this.#tell(++this.#count);
    return { tree: { name, interspersed: false }, flags: [] };
  }

  async #commandWords(path: readonly string[]): Promise<Map<string, WordKind>> {
    // The help command completes commands alone, so that no argument need be looked up, in a cluster perhaps.
    const answer = await this.#asker.complete(this.#helpCompletes ? ["help", ...path, ""] : [...path, ""]);
    const candidates = [...new Set(answer?.offers.map(({ word }) => word))].filter((word) =>
      /^[^\s-]\S*$/.test(word)
    );
    const commands = new Map<string, WordKind>();
    for (let start = 0; start < candidates.length; start += candidatesAtOnce) {
      const some = candidates.slice(start, start + candidatesAtOnce);
      const kinds = await Promise.all(some.map((word) => this.#kind([...path, word])));
      if (kinds.every((kind) => kind === "none")) break;
      for (const [index, kind] of kinds.entries()) if (kind !== "none") commands.set(some[index], kind);
    }
    const hidden = path.length > 0 ? [] : await this.#hiddenWords([...commands.keys()]);
    for (const word of hidden) commands.set(word, "command");
    return commands;
  }

  /** Cobra's own commands, which a tool may have hidden. */
  async #hiddenWords(shown: readonly string[]): Promise<string[]> {
    const words = ["help", "completion"].filter((word) => shown.length > 0 && !shown.includes(word));
    const checked = await Promise.all(words.map((word) => this.#isCommand([word])));
    return words.filter((_, index) => checked[index]);
  }

  /** Reports whether the tool takes all of the words for commands, and parses the flags of the last one. */
  async #isCommand(path: readonly string[]): Promise<boolean> {
    return await this.#kind(path) === "command";
  }

  /**
   * A word that the help command offers and that takes an unknown flag without a complaint is a command
   * too, or right below the tool itself a plugin or an alias of the user's own.
   */
  async #kind(path: readonly string[]): Promise<WordKind> {
    const answer = await this.#asker.complete([...path, unknownFlag, "-"]);
    if (answer?.complaint.includes(`from args [${unknownFlag}]`)) return "command";
    const isTaken = answer !== undefined && !answer.complaint.includes(unknownFlag);
    return isTaken && this.#helpCompletes && path.length > 1 ? "unparsed" : "none";
  }

  /** Reports whether the command above parses the flags in front of a command's word (cobra's `TraverseChildren`). */
  async #isTraversed(
    path: readonly string[],
    own: readonly LearnedFlag[],
    children: readonly LearnedCommand[],
  ): Promise<boolean> {
    const flag = own.find(({ words, takesValue }) => !takesValue && !printingFlags.includes(words[0]));
    const child = children.find(({ flags }) => flags.length > 0);
    return flag !== undefined && child !== undefined &&
      await this.#isCommand([...path, flag.words[0], child.tree.name]);
  }

  /** Reports whether the tool still takes words for flags behind a first argument. */
  async #isInterspersed(path: readonly string[]): Promise<boolean> {
    const answer = await this.#asker.complete([...path, someArgument, unknownFlag, "-"]);
    return path.length === 0 || (answer?.complaint.includes(unknownFlag) ?? true);
  }

  async #aliases(path: readonly string[]): Promise<string[]> {
    const name = path[path.length - 1];
    const words = findAliases(await this.#asker.help(path)).filter((word) => word !== name);
    const checked = await Promise.all(words.map((word) => this.#isCommand([...path.slice(0, -1), word])));
    return words.filter((_, index) => checked[index]);
  }
}

/** Reads the line behind "Aliases:", which is as in cobra's own template in all that were seen: names and commas. */
export function findAliases(help: string): string[] {
  const line = /^\s*aliases:?\s*\n(.*)$/im.exec(help)?.[1] ?? "";
  const words = line.split(",").map((part) => part.trim().split(/\s+/).pop() ?? "");
  return [...new Set(words)].filter((word) => /^[^\s-]\S*$/.test(word));
}

/** A word that calls a command of its own is not another one's alias, whatever the help says. */
function withoutAliases({ tree, flags }: LearnedCommand, words: readonly string[]): LearnedCommand {
  const { name, aliases, ...rest } = tree;
  const left = aliases?.filter((alias) => !words.includes(alias)) ?? [];
  return { tree: { name, ...(left.length > 0 ? { aliases: left } : {}), ...rest }, flags };
}

function isSame(flag: LearnedFlag, other: LearnedFlag): boolean {
  return flag.words.join() === other.words.join() && flag.description === other.description;
}

/**
 * Cobra's own help flag goes without saying. A flag that no command below has is this command's alone,
 * unless it may stand in front of their words.
 */
function describeFlags(
  own: readonly LearnedFlag[],
  children: readonly LearnedCommand[],
  { isRoot, isTraversed }: { readonly isRoot: boolean; readonly isTraversed: boolean },
): Partial<CommandTree> {
  const isVersion = ({ words, description, takesValue }: LearnedFlag) =>
    words[0] === "--version" && !takesValue && (isRoot || /^version for /i.test(description));
  const flags = own.filter((flag) => flag.words[0] !== "--help" && !isVersion(flag));
  const walked = children.filter(({ flags }) => flags.length > 0);
  const local = flags.filter((flag) =>
    !isTraversed && !walked.some((child) => child.flags.some((other) => isSame(flag, other)))
  );
  const isPersistent = walked.length > 0 && local.length < flags.length;
  const lists = {
    valueFlags: flags.filter(({ takesValue }) => takesValue),
    boolFlags: flags.filter(({ takesValue }) => !takesValue),
    versionFlags: own.filter(isVersion),
    localFlags: isPersistent ? local : [],
  };
  const filled = Object.entries(lists).filter(([, list]) => list.length > 0);
  return {
    ...Object.fromEntries(filled.map(([key, list]) => [key, list.flatMap(({ words }) => words)])),
    ...(isPersistent ? { persistentFlags: true } : {}),
  };
}
