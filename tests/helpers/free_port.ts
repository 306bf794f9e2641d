import { createServer } from "node:net";

/** Finds a port of the loopback address on which nobody listens, for a server that cannot choose its own. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    })
  );
}
