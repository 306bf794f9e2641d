/**
 * Whether a file that is open is still the one that its name leads to.
 *
 * @module
 */

/** Tells files apart, whatever their names; `undefined` if there is none of that name. */
export function identify(file: string): string | undefined {
  const { statSync } = process.getBuiltinModule("node:fs");
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.dev} ${stat.ino}`;
}

/**
 * Checks that a file has neither been removed nor replaced: what is written to it then is lost with its end.
 *
 * @throws {Error} If it has.
 */
export function checkIdentity(file: string, identity: string | undefined): void {
  if (identity === undefined || identify(file) === identity) return;
  throw new Error("the file was removed or replaced while the sink ran; start the sink again");
}
