import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { World } from "./harness.ts";

/** The files of a server's certificate, and of the authority of its own that signed it. */
export interface Certificate {
  readonly key: string;
  readonly certificate: string;
  readonly authority: string;
}

/** Whether certificates can be made. */
export const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

/**
 * Makes a certificate for a host, in the test's home.
 *
 * @param days For how long it is valid; one of -1 has expired.
 */
export function makeCertificate(world: World, host: string, days = 30): Certificate {
  const openssl = (...words: string[]) =>
    execFileSync("openssl", words, { cwd: world.home, stdio: "ignore" });
  const key = ["-newkey", "rsa:2048", "-nodes"];
  const authority = ["-addext", "basicConstraints=critical,CA:TRUE"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test", ...authority);
  openssl("req", ...key, "-keyout", "server.key", "-out", "server.csr", "-subj", `/CN=${host}`);
  writeFileSync(join(world.home, "names"), `subjectAltName=DNS:${host}\nbasicConstraints=CA:FALSE\n`);
  const signer = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names"];
  openssl("x509", "-req", "-in", "server.csr", "-out", "server.pem", "-days", `${days}`, ...signer);
  const [keyFile, certificate, authorityFile] = ["server.key", "server.pem", "ca.pem"].map((name) =>
    join(world.home, name)
  );
  return { key: keyFile, certificate, authority: authorityFile };
}
