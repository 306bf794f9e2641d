import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeCertificate } from "../helpers/certificate.ts";
import { freePort } from "../helpers/free_port.ts";
import { inWorld, Sink, until, type World } from "../helpers/harness.ts";

const nginx = "/usr/sbin/nginx";
const skip = existsSync(nginx) ? false : "needs nginx (apt-get install nginx-light)";
const document = fileURLToPath(new URL("../../docs/sink.md", import.meta.url));
const signal = { appID: "4539763B-A291-4835-B832-9BEB80CA7039", clientUser: "hash", type: "Acme.command" };

/** The configuration in the document, with addresses and files of this test. */
function documentedServer(port: number, sinkAddress: string, certificate: string, key: string): string {
  const [, server] = /```nginx\n([\s\S]+?)```/.exec(readFileSync(document, "utf8")) ?? [];
  return server.replace("listen 443 ssl", `listen 127.0.0.1:${port} ssl`)
    .replace("/etc/ssl/usage.example.com.pem", certificate)
    .replace("/etc/ssl/usage.example.com.key", key)
    .replace("http://127.0.0.1:8686", sinkAddress);
}

/** Starts nginx; gives what ends it. */
async function startNginx(world: World, server: string): Promise<() => Promise<void>> {
  const folder = join(world.home, "nginx");
  mkdirSync(folder);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/${name};`).join(" ");
  const log = `error_log ${folder}/error.log; pid ${folder}/pid;`;
  const main = `daemon off; ${log} events {} http { access_log off; ${temporary} ${server} }`;
  writeFileSync(join(folder, "nginx.conf"), main);
  const child = spawn(nginx, ["-e", `${folder}/error.log`, "-p", folder, "-c", join(folder, "nginx.conf")]);
  await until(() => existsSync(join(folder, "pid")) || child.exitCode !== null, "nginx to start");
  assert.equal(child.exitCode, null, readFileSync(join(folder, "error.log"), "utf8"));
  return async () => {
    const ended = once(child, "exit");
    child.kill();
    await ended;
  };
}

/** Sends a request by TLS to a port. */
type Post = (path: string, body: string, method?: string) => Promise<number>;

function poster(port: number, authority: string): Post {
  const ca = readFileSync(authority, "utf8");
  return (path, body, method = "POST") => post({ port, ca, path, method }, body);
}

function post(
  where: { port: number; ca: string; path: string; method: string },
  body: string,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const options = { ...where, host: "127.0.0.1", servername: "usage.example.com" };
  const headers = { "content-type": "application/json", host: "usage.example.com" };
  const sent = request({ ...options, headers }, (response) => {
    response.resume();
    response.on("end", () => resolve(response.statusCode ?? 0));
  });
  sent.on("error", reject);
  sent.end(where.method === "POST" ? body : undefined);
  return promise;
}

test(
  "the documented configuration of nginx lets signals through, and nothing else",
  { skip },
  () =>
    inWorld(async (world) => {
      const sink = await Sink.start(world, "127.0.0.1:0", join(world.home, "usage.db"));
      const { certificate, key, authority } = makeCertificate(world, "usage.example.com");
      const port = await freePort();
      const address = new URL(sink.endpoint).origin;
      const stop = await startNginx(world, documentedServer(port, address, certificate, key));
      const send = poster(port, authority);
      try {
        assert.equal(await send("/v2/", JSON.stringify([signal])), 200);
        assert.equal(await send("/v2/namespace/acme/", JSON.stringify([signal])), 200);
        assert.equal(
          await send("/v2/", JSON.stringify([{ ...signal, type: "x".repeat(2_000_000) }])),
          413,
        );
        assert.equal(await send("/", "", "GET"), 404);
      } finally {
        await stop();
        await sink.stop();
      }
    }),
);
