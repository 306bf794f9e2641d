/**
 * Why a request got no answer, in the same few words on every runtime. Each runtime has its own error for one
 * and the same fault; `tests/unit/delivery/failure_reason_test.ts` has those that were measured.
 *
 * @module
 */

import { withoutAnyCredentials } from "../signal/endpoint.ts";

/** What an error says, by name, code and message, and the reason that it stands for. The first that fits counts. */
const reasons: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/tunnel: 407|\(407\)|proxy authentication required/, "the proxy asks for a password"],
  [/ERR_PROXY_|Proxy response|unsuccessful tunnel/, "refused by the proxy"],
  [/ECONNREFUSED|Connection refused|os error 10061/, "connection refused"],
  [/ENOTFOUND|EAI_|dns error/, "host name not found"],
  [/ENETUNREACH|EHOSTUNREACH|Network is unreachable|No route to host/, "network unreachable"],
  [/NotCapable|EACCES|EPERM|Permission denied/, "no permission to use the network"],
  [/CERT_HAS_EXPIRED|certificate expired|certificate: Expired/, "certificate expired"],
  [/CERT_NOT_YET_VALID|not valid yet|NotValidYet/, "certificate not valid yet"],
  [/ERR_TLS_CERT_ALTNAME|not valid for name|NotValidForName/, "certificate for another host"],
  [/SELF_SIGNED|UNABLE_TO_|CERT_|invalid peer certificate/, "certificate not trusted"],
  [/EPROTO|ERR_SSL_|fatal alert|corrupt message/, "no TLS connection"],
  [/HPE_|HEADERS_OVERFLOW|Malformed_HTTP|(Invalid|Unsupported|Response)\w+ fetching/, "not an HTTP answer"],
  [/invalid [\w -]+ parsed|message head is too large|unexpected message/, "not an HTTP answer"],
  [/ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET/, "connection closed"],
  [/Connection reset|Broken pipe|closed (before|connection)| eof/, "connection closed"],
  // As the fetch standard has it; Bun blocks none.
  [/bad port|Requests to port/, "blocked port"],
];

const timeouts = /TimeoutError|_TIMEOUT|ETIMEDOUT|timed out/;

/**
 * Says why a request failed. An error that is not known says so itself, without addresses: it is kept and shown.
 *
 * @param timeout How long the request might take, in milliseconds.
 */
export function failureReason(error: unknown, timeout: number): string {
  const chain = chainOf(error);
  const said = chain.map(describe).join("\n");
  if (timeouts.test(said)) return `no answer in ${Math.ceil(timeout / 100) / 10} s`;
  const known = reasons.find(([pattern]) => pattern.test(said));
  return known ? known[1] : withoutAddresses(messageOf(chain[chain.length - 1]));
}

/** The error and its causes. The innermost, which is the last, says most. */
function chainOf(error: unknown): unknown[] {
  const isLast = !(error instanceof Error) || error.cause === undefined;
  return isLast ? [error] : [error, ...chainOf(error.cause)];
}

function describe(error: unknown): string {
  const { name = "", code = "" } = (error ?? {}) as NodeJS.ErrnoException;
  return `${name} ${code} ${messageOf(error)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function withoutAddresses(text: string): string {
  return withoutAnyCredentials(text)
    .replace(/[a-z]+:\/\/[^\s"')]+/g, "…")
    .replace(/\[[\da-f:.]+\](:\d+)?|\d+(\.\d+){3}(:\d+)?/g, "…")
    .replace(/\s+/g, " ");
}
