/**
 * How far the reading of a store has got.
 *
 * @module
 */

/** Is told now and then how much of a store has been read, in whatever it is measured in. */
export type OnProgress = (done: number, total: number) => void | Promise<void>;
