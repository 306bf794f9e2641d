/**
 * The servers that signals are sent to: one that is well, one that never answers, and one that is not there.
 *
 * @module
 */

import { createServer } from "node:http";

/** A server on loopback. */
export interface TestServer {
  readonly url: string;
  /** How many requests have arrived. */
  requests(): number;
  stop(): void;
}

/** Takes all signals, or never answers. */
export function startServer(answers: boolean): Promise<TestServer> {
  let requests = 0;
  const server = createServer((request, response) =>
    void request.resume().on("end", () => {
      requests++;
      if (answers) response.end();
    })
  );
  const stop = () => (server.close(), server.closeAllConnections());
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      resolve({ url: `http://127.0.0.1:${port}/`, requests: () => requests, stop });
    })
  );
}

/** A full backlog: the system drops every further packet that asks for a connection. */
export async function startDroppingServer(): Promise<TestServer> {
  const script = [
    "import socket, sys",
    "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(0)",
    "port = s.getsockname()[1]; full = []",
    "for _ in range(4):",
    "  c = socket.socket(); c.setblocking(False); c.connect_ex(('127.0.0.1', port)); full.append(c)",
    "print(port, flush=True); sys.stdin.read()",
  ].join("\n");
  const child = new Deno.Command("python3", { args: ["-c", script], stdin: "piped", stdout: "piped" })
    .spawn();
  const { value } = await child.stdout.getReader().read();
  const port = Number(new TextDecoder().decode(value));
  return { url: `http://127.0.0.1:${port}/`, requests: () => 0, stop: () => child.kill() };
}

/** A port where nobody listens. */
export const nowhere = "http://127.0.0.1:1/";
