/** How long to wait for an event that has to come, in milliseconds. */
const eventLimit = 60_000;
const lookEvery = 20;

/**
 * Waits for a condition.
 *
 * @param what What is waited for, for the error's message.
 * @throws {Error} If it has not come true after a minute.
 */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const limit = Date.now() + eventLimit;
  while (!condition()) {
    if (Date.now() > limit) throw new Error(`waited ${eventLimit / 1000} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, lookEvery));
  }
}
