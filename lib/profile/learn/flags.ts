/**
 * A command's flags, learned from the tool.
 *
 * @module
 */

import type { Asker, Offer } from "./asker.ts";

/** A flag as the tool offers it. */
export interface LearnedFlag {
  /** Its long form and, if it has one, its short form. */
  readonly words: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
}

// Tried in turn for a flag that has to be given before others are offered, whatever its type.
const anyValues = ["1", "true", "1s", "1.2.3.4"];

/** Learns flags; one that was met before under another command is not asked for again. */
export class FlagLearner {
  readonly #asker: Asker;
  readonly #known = new Map<string, Promise<boolean>>();

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  /** The flags of a command, those from above included. */
  async learn(path: readonly string[]): Promise<LearnedFlag[]> {
    const offers = await this.#offers(path);
    return await Promise.all(
      pairForms(offers).map(async ({ words, description }) => ({
        words,
        description,
        takesValue: await this.#takesValue(path, words[0], description),
      })),
    );
  }

  /** While a flag that is required is missing, cobra offers no other. */
  async #offers(path: readonly string[]): Promise<readonly Offer[]> {
    const first = await this.#list(path, []);
    const required = first.filter(({ word }) => word.startsWith("--")).map(({ word }) => word);
    if (required.length === 0 || required.includes("--help") || path.length === 0) return first;
    for (const value of anyValues) {
      const rest = await this.#list(path, required.map((flag) => `${flag}=${value}`));
      const isNew = rest.filter(({ word }) => !first.some((offer) => offer.word === word));
      if (isNew.length > 0) return [...first, ...isNew];
    }
    return first;
  }

  async #list(path: readonly string[], given: readonly string[]): Promise<readonly Offer[]> {
    const answer = await this.#asker.complete([...path, ...given, "-"]);
    return answer?.offers.filter(({ word }) => /^-(-[^\s=]+|[^\s=-])$/.test(word)) ?? [];
  }

  #takesValue(path: readonly string[], word: string, description: string): Promise<boolean> {
    const key = `${word}\t${description}`;
    const known = this.#known.get(key) ?? this.#ask(path, word);
    this.#known.set(key, known);
    return known;
  }

  /** Given as the last word, a flag that takes a value complains that it has none. */
  async #ask(path: readonly string[], word: string): Promise<boolean> {
    const answer = await this.#asker.complete([...path, word, "-"]);
    return answer?.complaint.includes("flag needs an argument") ?? true;
  }
}

/** A short form is offered right behind its long form, with the same description. */
function pairForms(offers: readonly Offer[]): { words: string[]; description: string }[] {
  const flags: { words: string[]; description: string }[] = [];
  for (const { word, description } of offers) {
    const last = flags[flags.length - 1];
    const isShortForm = !word.startsWith("--") && last?.words.length === 1 &&
      last.description === description;
    if (isShortForm) last.words.push(word);
    else flags.push({ words: [word], description });
  }
  return flags;
}
