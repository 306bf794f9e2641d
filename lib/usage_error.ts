/** Bad input: told to the user in one line, with exit status 125, before any command runs. */
export class UsageError extends Error {
  /** The name of the class, also in minified code. */
  override name = "UsageError";
}
