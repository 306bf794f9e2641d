/**
 * What must not be shown or kept: passwords and tokens in addresses.
 *
 * @module
 */

/** Hides a URL's user name and password, all before its last `@` however misspelt, and what its query holds. */
export function withoutCredentials(url: string): string {
  return url.replace(/^(.*?\/\/)?.*@/s, "$1…@").replace(/(:\/\/[^?]*\?).+/s, "$1…");
}

/** Hides the same in each word of a text, such as an error's message. */
export function withoutAnyCredentials(text: string): string {
  return text.replace(/\S+/g, withoutCredentials);
}
