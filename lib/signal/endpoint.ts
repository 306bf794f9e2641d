/**
 * The address of an ingest server: which ones are allowed, and how they are shown.
 *
 * @module
 */

/** TelemetryDeck's own server. */
export const defaultEndpoint = "https://nom.telemetrydeck.com/v2/";

/**
 * Reports whether signals may be sent there. TLS is required, except on this machine. A password or a token is
 * refused: it would be seen in the list of processes and lie in every signal's file.
 */
export function isEndpoint(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || url.href !== `${url.protocol}//${url.host}${url.pathname}`) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

/**
 * Returns the address that signals are sent to.
 *
 * @param endpoint One without a path is a server that has the API where TelemetryDeck has it.
 * @param namespace The TelemetryDeck namespace, if there is one.
 */
export function ingestUrl(endpoint: string, namespace?: string): string {
  const url = new URL(endpoint);
  if (url.pathname === "/") url.pathname = "/v2/";
  if (namespace) url.pathname = `${url.pathname.replace(/\/$/, "")}/namespace/${namespace}/`;
  return url.href;
}

/** Hides user name and password of a URL, however misspelt: all before its last `@`. Hides its query, too. */
export function withoutCredentials(url: string): string {
  return url.replace(/^(.*?\/\/)?.*@/s, "$1…@").replace(/(:\/\/[^?]*\?).+/s, "$1…");
}

/** Hides the same in each word of a text, such as an error's message. */
export function withoutAnyCredentials(text: string): string {
  return text.replace(/\S+/g, withoutCredentials);
}
