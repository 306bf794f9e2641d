import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { test } from "node:test";
import { failureReason } from "../../../lib/delivery/failure_reason.ts";
import { post } from "../../../lib/delivery/post.ts";

interface Said {
  readonly name?: string;
  readonly code?: string | number;
  readonly message: string;
}

const failed: Said = { name: "TypeError", message: "fetch failed" };
const connecting = "error sending request for url (https://localhost:40701/v2/): client error (Connect): ";
const sending = "error sending request from 127.0.0.1:43598 for http://127.0.0.1:40701/v2/ " +
  "(127.0.0.1:40701): client error (SendRequest): ";

function deno(message: string): Said[] {
  return [failed, { message }];
}

function bun(code: string, message = `${code}: Unable to connect.`): Said[] {
  return [{ name: "TypeError", code, message }];
}

function node(code: string | undefined, message: string, name?: string): Said[] {
  return [failed, { name, code, message }];
}

const verbose = "For more information, pass `verbose: true` in the second argument to fetch()";

function fetching(code: string): string {
  return `${code} fetching "http://127.0.0.1:40701/v2/". ${verbose}`;
}

/** What Deno 2.9 and 2.8, Bun 1.4 and Node.js 22 say of the same fault. */
const measured: [reason: string, errors: Said[][]][] = [
  ["connection refused", [
    deno(`${connecting}tcp connect error: Connection refused (os error 111)`),
    bun("ECONNREFUSED"),
    node("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:38725"),
    node("ECONNREFUSED", "", "AggregateError"),
    deno(`${connecting}tcp connect error: No connection could be made (os error 10061)`),
  ]],
  ["connection closed", [
    deno(`${connecting}tcp connect error: Connection reset by peer (os error 104)`),
    deno("Connection reset by peer (os error 104)"),
    deno(`${sending}connection closed before message completed`),
    deno(`${connecting}tls handshake eof`),
    deno(`${connecting}unexpected eof while tunneling`),
    deno("Broken pipe (os error 32)"),
    deno("peer closed connection without sending TLS close_notify"),
    bun("ECONNRESET", `ECONNRESET: The socket connection was closed unexpectedly. ${verbose}`),
    bun("EPIPE"),
    bun("ECONNABORTED"),
    node("ECONNRESET", "read ECONNRESET"),
    node("ECONNRESET", "Client network socket disconnected before secure TLS connection was established"),
    node("UND_ERR_SOCKET", "other side closed", "SocketError"),
  ]],
  ["host name not found", [
    deno(`${connecting}dns error: failed to lookup address information: Name or service not known`),
    deno(
      `${connecting}dns error: failed to lookup address information: Temporary failure in name resolution`,
    ),
    bun("ENOTFOUND", "getaddrinfo ENOTFOUND no-such-host.invalid"),
    bun("EAI_AGAIN", "getaddrinfo EAI_AGAIN no-such-host.invalid"),
    node("ENOTFOUND", "getaddrinfo ENOTFOUND no-such-host.invalid"),
    node("EAI_AGAIN", "getaddrinfo EAI_AGAIN no-such-host.invalid"),
  ]],
  ["network unreachable", [
    deno(`${connecting}tcp connect error: Network is unreachable (os error 101)`),
    deno(`${connecting}tcp connect error: No route to host (os error 113)`),
    bun("ENETUNREACH", "ENETUNREACH: Was there a typo in the url or port?"),
    bun("EHOSTUNREACH", "EHOSTUNREACH: Was there a typo in the url or port?"),
    node("ENETUNREACH", "connect ENETUNREACH 192.0.2.1:80 - Local (0.0.0.0:0)"),
    node("EHOSTUNREACH", "connect EHOSTUNREACH 192.0.2.1:80 - Local (0.0.0.0:0)"),
  ]],
  ["no permission to use the network", [
    deno(`${connecting}tcp connect error: Permission denied (os error 13)`),
    [{ name: "NotCapable", message: 'Requires net access to "127.0.0.1:40701", run again with --allow-net' }],
    bun("EACCES", "EACCES: Was there a typo in the url or port?"),
    node("EACCES", "connect EACCES 192.0.2.1:80 - Local (0.0.0.0:0)"),
    node("EPERM", "connect EPERM 192.0.2.1:80"),
  ]],
  ["no answer in 10 s", [
    [{ name: "TimeoutError", code: 23, message: "The operation was aborted due to timeout" }],
    [{ name: "TimeoutError", code: 23, message: "The operation timed out." }],
    deno(`${connecting}tcp connect error: Connection timed out (os error 110)`),
    bun("ETIMEDOUT"),
    node("UND_ERR_CONNECT_TIMEOUT", "Connect Timeout Error", "ConnectTimeoutError"),
  ]],
  ["certificate expired", [
    deno(`${connecting}invalid peer certificate: certificate expired: verification time 1795882603 (UNIX)`),
    deno(`${connecting}invalid peer certificate: Expired`),
    bun("CERT_HAS_EXPIRED", "certificate has expired"),
    node("CERT_HAS_EXPIRED", "certificate has expired"),
  ]],
  ["certificate not valid yet", [
    deno(`${connecting}invalid peer certificate: certificate not valid yet: verification time 1795882603`),
    deno(`${connecting}invalid peer certificate: NotValidYet`),
    bun("CERT_NOT_YET_VALID", "certificate is not yet valid"),
    node("CERT_NOT_YET_VALID", "certificate is not yet valid"),
  ]],
  ["certificate for another host", [
    deno(`${connecting}invalid peer certificate: certificate not valid for name "localhost"`),
    deno(`${connecting}invalid peer certificate: NotValidForName`),
    bun("ERR_TLS_CERT_ALTNAME_INVALID", fetching("ERR_TLS_CERT_ALTNAME_INVALID")),
    node("ERR_TLS_CERT_ALTNAME_INVALID", "Hostname/IP does not match certificate's altnames"),
  ]],
  ["certificate not trusted", [
    deno(`${connecting}invalid peer certificate: UnknownIssuer`),
    bun("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate"),
    bun("DEPTH_ZERO_SELF_SIGNED_CERT", "self signed certificate"),
    bun("CERT_UNTRUSTED", "certificate not trusted"),
    node("SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain"),
  ]],
  ["no TLS connection", [
    deno(`${connecting}received corrupt message of type InvalidContentType`),
    deno(`${connecting}received fatal alert: ProtocolVersion`),
    bun("EPROTO", "EPROTO: The TLS handshake failed. Does the server speak TLS on this port?"),
    node("ERR_SSL_WRONG_VERSION_NUMBER", "C0AC:error:0A00010B:SSL routines::wrong version number:77:\n"),
  ]],
  ["not an HTTP answer", [
    deno(`${sending}invalid HTTP version parsed`),
    deno(`${sending}invalid HTTP status-code parsed`),
    deno(`${sending}invalid content-length parsed`),
    deno(`${sending}message head is too large`),
    deno(`${connecting}received unexpected message from connection`),
    bun("Malformed_HTTP_Response", fetching("Malformed_HTTP_Response")),
    ...["InvalidContentLength", "ResponseHeadersTooLarge", "UnsupportedTransferEncoding"].map((code) =>
      bun(code, fetching(code))
    ),
    node("HPE_INVALID_CONSTANT", "Response does not match the HTTP/1.1 protocol", "HTTPParserError"),
    node("UND_ERR_HEADERS_OVERFLOW", "Headers Overflow Error", "HeadersOverflowError"),
  ]],
  ["blocked port", [
    [{ name: "TypeError", message: "Fetch failed: Requests to port 9 are blocked" }],
    node(undefined, "bad port"),
  ]],
  ["refused by the proxy", [
    deno(`${connecting}unsuccessful tunnel`),
    bun("ERR_PROXY_TUNNEL", "Proxy refused to open a tunnel: 403 Forbidden"),
    [failed, { code: 0, message: "Request was cancelled." }, {
      name: "AbortError",
      code: "UND_ERR_ABORTED",
      message: "Proxy response (403) !== 200 when HTTP Tunneling",
    }],
  ]],
  ["the proxy asks for a password", [
    deno(`${connecting}proxy authentication required`),
    bun("ERR_PROXY_TUNNEL", "Proxy refused to open a tunnel: 407 Proxy Authentication Required"),
    [failed, { message: "Request was cancelled." }, {
      name: "AbortError",
      message: "Proxy response (407) !== 200 when HTTP Tunneling",
    }],
  ]],
];

function errorOf([said, ...causes]: readonly Said[]): Error {
  const error = new Error(said.message, causes.length > 0 ? { cause: errorOf(causes) } : {});
  return Object.assign(
    error,
    said.name && { name: said.name },
    said.code !== undefined && { code: said.code },
  );
}

for (const [reason, errors] of measured) {
  test(`failureReason() is '${reason}' for what each runtime says of it`, () => {
    for (const said of errors) {
      assert.equal(failureReason(errorOf(said), 10_000), reason, said.at(-1)!.message);
    }
  });
}

test("failureReason() says how long it waited, in tenths of a second", () => {
  const late = errorOf([{ name: "TimeoutError", message: "" }]);
  const cases: [timeout: number, reason: string][] = [
    [10_000, "no answer in 10 s"],
    [10_100, "no answer in 10.1 s"],
    [1_500, "no answer in 1.5 s"],
    [1, "no answer in 0.1 s"],
  ];
  for (const [timeout, reason] of cases) assert.equal(failureReason(late, timeout), reason);
});

test("failureReason() gives the innermost message without addresses if the error is not known", () => {
  const cases: [error: unknown, reason: string][] = [
    [
      errorOf(deno(`${sending}out of\n  luck`)),
      "error sending request from … for … (…): client error (SendRequest): out of luck",
    ],
    [errorOf([failed, { message: 'no "https://user:SECRET@[::1]:1/v2/" here' }]), 'no "…" here'],
    [
      errorOf([failed, { message: "no [::1]:443, no 10.0.0.1, no user:SECRET@host" }]),
      "no …, no …, no …@host",
    ],
    [new Error("outside", { cause: "inside" }), "inside"],
    ["text", "text"],
    [undefined, "undefined"],
  ];
  for (const [error, reason] of cases) assert.equal(failureReason(error, 1), reason);
});

/** Sends one request to a server that does this with each connection. */
async function postTo(serve: (socket: Socket) => void, timeout = 10_000): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  try {
    const outcome = await post(`http://127.0.0.1:${port}/v2/`, "[]", timeout);
    return outcome.kind === "failed" ? outcome.reason : outcome.kind;
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

const faults: [reason: string, serve: (socket: Socket) => void, timeout?: number][] = [
  ["connection closed", (socket) => socket.once("data", () => socket.destroy())],
  ["connection closed", (socket) => socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncont"))],
  ["not an HTTP answer", (socket) => socket.write("SSH-2.0-OpenSSH_9.2p1 Debian\r\n")],
  ["not an HTTP answer", (socket) => socket.once("data", () => socket.end("HTTP/9.9 200 OK\r\n\r\n"))],
  ["no answer in 0.2 s", () => {}, 200],
];

for (const [index, [reason, serve, timeout]] of faults.entries()) {
  test(`post() fails with '${reason}' when a server behaves so (${index})`, async () => {
    assert.equal(await postTo(serve, timeout), reason);
  });
}

test("post() fails with 'connection refused' when nobody listens", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const outcome = await post(`http://127.0.0.1:${port}/`, "[]", 10_000);
  assert.deepEqual(outcome, { kind: "failed", answered: false, reason: "connection refused" });
});
