/**
 * A set of people, by small whole numbers. Millions of them fit into memory.
 *
 * @module
 */

const fewest = 256;

/** A set of whole numbers from 0 on: a list while it is small, then a bit for each. */
export class People {
  #few: Set<number> | undefined = new Set();
  #bits = new Uint32Array(0);

  add(person: number): void {
    if (this.#few === undefined) return this.#setBit(person);
    this.#few.add(person);
    if (this.#few.size > fewest) this.#toBits(this.#few);
  }

  #toBits(few: Set<number>): void {
    this.#few = undefined;
    for (const person of few) this.#setBit(person);
  }

  #setBit(person: number): void {
    const word = person >>> 5;
    if (word >= this.#bits.length) {
      const longer = new Uint32Array(Math.max(word + 1, this.#bits.length * 2));
      longer.set(this.#bits);
      this.#bits = longer;
    }
    this.#bits[word] |= 1 << (person & 31);
  }

  count(): number {
    if (this.#few !== undefined) return this.#few.size;
    let count = 0;
    for (let word of this.#bits) {
      for (; word !== 0; word &= word - 1) count++;
    }
    return count;
  }
}
