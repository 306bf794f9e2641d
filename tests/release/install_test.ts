import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../scripts/install.sh", import.meta.url));
const architecture = process.arch === "x64" ? "x64" : "arm64";
const hasAvx2 = !existsSync("/proc/cpuinfo") || readFileSync("/proc/cpuinfo", "utf8").includes("avx2");
const variant = architecture === "x64" && !hasAvx2 ? "-baseline" : "";
const bunName = `gs-telemetry-1.2.3-bun-linux-${architecture}-gnu${variant}`;
const denoName = `gs-telemetry-1.2.3-deno-linux-${architecture}-gnu`;

const standardTools = ["chmod", "grep", "mkdir", "mktemp", "mv", "rm", "sha256sum", "uname"];
const skip = process.platform === "linux" ? false : "the test's release is for Linux";

/** A server with a release on it, and a folder to install into. */
interface Place {
  readonly folder: string;
  readonly target: string;
  readonly url: string;
  readonly files: Map<string, string>;
}

async function inPlace(act: (place: Place) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "gs-telemetry-install-"));
  const files = new Map(["bun", "deno"].map((toolchain) => {
    const name = toolchain === "bun" ? bunName : denoName;
    return [name, `#!/bin/sh\necho the one made with ${toolchain}\n`];
  }));
  files.set("SHA256SUMS", [...files].map(([name, text]) => `${sha256(text)}  ${name}\n`).join(""));
  const server = createServer((request, response) => answer(files, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  try {
    await act({ folder, target: join(folder, "target"), url: `http://127.0.0.1:${port}`, files });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  }
}

function answer(files: Map<string, string>, request: IncomingMessage, response: ServerResponse): void {
  const name = /^\/(?:latest\/download|download\/v1\.2\.3)\/([^/]+)$/.exec(request.url ?? "")?.[1];
  const text = name === undefined ? undefined : files.get(name);
  if (text === "cut off") {
    response.writeHead(200, { "content-length": "1000" });
    response.write("#!/bin/sh\n", () => response.destroy());
    return;
  }
  response.writeHead(text === undefined ? 404 : 200);
  response.end(text);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A folder for PATH with these tools alone. */
function pathOf(folder: string, tools: readonly string[]): string {
  const path = join(folder, "bin");
  mkdirSync(path);
  for (const tool of tools) {
    const found = spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim();
    symlinkSync(found, join(path, tool));
  }
  return path;
}

async function install(place: Place, shell: readonly string[], path: string, args: readonly string[] = []) {
  const [command, ...words] = [...shell, script, "--dir", place.target, ...args];
  const env = { GS_TELEMETRY_RELEASES: place.url, HOME: place.folder, PATH: path };
  const child = spawn(command, words, { env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.on("close", resolve)),
  ]);
  return { stdout, stderr, status };
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let whole = "";
  for await (const chunk of stream) whole += chunk;
  return whole;
}

function isInstalled(tool: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0;
}

function needs(...tools: string[]): false | string {
  const missing = tools.find((tool) => !isInstalled(tool));
  return skip || (missing ? `needs ${missing}` : false);
}

for (const [shell, tool] of [["dash", "curl"], ["dash", "wget"], ["bash", "curl"]]) {
  test(
    `install.sh installs with ${shell} and ${tool} alone`,
    { skip: needs(shell, tool) },
    () =>
      inPlace(async (place) => {
        const absolute = spawnSync("sh", ["-c", `command -v ${shell}`], { encoding: "utf8" }).stdout.trim();
        const result = await install(place, [absolute], pathOf(place.folder, [...standardTools, tool]));
        assert.equal(result.stderr, "");
        assert.match(result.stdout, new RegExp(`^installed ${bunName} as ${place.target}/gs-telemetry\n`));
        assert.match(result.stdout, /is not on PATH; add it: export PATH=/);
        assert.equal(result.status, 0);
        assert.deepEqual(readdirSync(place.target), ["gs-telemetry"]);
        const run = spawnSync(join(place.target, "gs-telemetry"), { encoding: "utf8" });
        assert.equal(run.stdout, "the one made with bun\n");
      }),
  );
}

test("install.sh installs with BusyBox alone", { skip: needs("busybox") }, () =>
  inPlace(async (place) => {
    const path = join(place.folder, "bin");
    mkdirSync(path);
    const busybox = spawnSync("sh", ["-c", "command -v busybox"], { encoding: "utf8" }).stdout.trim();
    for (const applet of [...standardTools, "wget"]) symlinkSync(busybox, join(path, applet));
    const result = await install(place, [busybox, "sh"], path);
    assert.equal(result.stderr, "");
    assert.equal(result.status, 0);
    assert.deepEqual(readdirSync(place.target), ["gs-telemetry"]);
  }));

test(
  "install.sh takes a version, a toolchain, and a folder that is on PATH",
  { skip: needs("curl") },
  () =>
    inPlace(async (place) => {
      const path = `${pathOf(place.folder, [...standardTools, "curl"])}:${place.target}`;
      const result = await install(place, ["/bin/sh"], path, ["--version", "v1.2.3", "--toolchain", "deno"]);
      assert.equal(result.stdout, `installed ${denoName} as ${place.target}/gs-telemetry\n`);
    }),
);

const faults: [what: string, spoil: (place: Place) => void, args: string[], error: RegExp][] = [
  [
    "the checksum is wrong",
    ({ files }) => files.set(bunName, "other bytes"),
    [],
    /^install: the checksum of gs-telemetry-1\.2\.3-bun-\S+ is wrong; nothing was installed\n$/,
  ],
  [
    "the download is cut off",
    ({ files }) => files.set(bunName, "cut off"),
    [],
    /install: cannot download \S+\n$/,
  ],
  ["the binary is missing", ({ files }) => files.delete(bunName), [], /install: cannot download \S+\n$/],
  [
    "the release has none for this machine",
    ({ files }) => files.set("SHA256SUMS", `${sha256("")}  gs-telemetry-1.2.3-bun-windows-x64.exe\n`),
    [],
    /^install: the release has no binary for bun-linux-\S+\n$/,
  ],
  ["there is no such release", () => {}, ["--version", "9.9.9"], /install: cannot download \S+\n$/],
  ["an option is unknown", () => {}, ["--colour"], /^install: unknown option '--colour'; there are --dir, /],
  ["an option has no value", () => {}, ["--version"], /^install: --version needs a value\n$/],
  [
    "the toolchain is unknown",
    () => {},
    ["--toolchain", "node"],
    /^install: --toolchain is 'node' but should be /,
  ],
];

for (const [what, spoil, args, error] of faults) {
  test(
    `install.sh tells the error and leaves nothing behind when ${what}`,
    { skip: needs("curl") },
    () =>
      inPlace(async (place) => {
        spoil(place);
        const result = await install(
          place,
          ["/bin/sh"],
          pathOf(place.folder, [...standardTools, "curl"]),
          args,
        );
        assert.match(result.stderr, error);
        assert.equal(result.stdout, "");
        assert.equal(result.status, 1);
        assert.deepEqual(existsSync(place.target) ? readdirSync(place.target) : [], []);
      }),
  );
}

test(
  "install.sh tells the error when the platform is unknown",
  { skip: needs("curl") },
  () =>
    inPlace(async (place) => {
      const path = pathOf(place.folder, [...standardTools.filter((tool) => tool !== "uname"), "curl"]);
      writeFileSync(join(path, "uname"), '#!/bin/sh\n[ "$1" = -s ] && echo Linux || echo riscv64\n', {
        mode: 0o755,
      });
      const result = await install(place, ["/bin/sh"], path);
      assert.match(result.stderr, /^install: there is no binary for riscv64; see http/);
      assert.equal(result.status, 1);
      assert.equal(existsSync(place.target), false);
    }),
);

test(
  "install.sh keeps what was installed before when an update fails",
  { skip: needs("curl") },
  () =>
    inPlace(async (place) => {
      const path = pathOf(place.folder, [...standardTools, "curl"]);
      assert.equal((await install(place, ["/bin/sh"], path)).status, 0);
      place.files.set(bunName, "other bytes");
      assert.equal((await install(place, ["/bin/sh"], path)).status, 1);
      const run = spawnSync(join(place.target, "gs-telemetry"), { encoding: "utf8" });
      assert.equal(run.stdout, "the one made with bun\n");
    }),
);

test(
  "install.sh gives up soon on a download that is cut off, with wget alone",
  { skip: needs("wget") },
  () =>
    inPlace(async (place) => {
      place.files.set(bunName, "cut off");
      const start = Date.now();
      const result = await install(place, ["/bin/sh"], pathOf(place.folder, [...standardTools, "wget"]));
      assert.match(result.stderr, /^install: cannot download \S+\n$/);
      assert.equal(result.status, 1);
      assert.ok(Date.now() - start < 30_000);
    }),
);

test(
  "install.sh tells one error when nothing can check a checksum",
  { skip: needs("curl") },
  () =>
    inPlace(async (place) => {
      const tools = standardTools.filter((tool) => tool !== "sha256sum");
      const result = await install(place, ["/bin/sh"], pathOf(place.folder, [...tools, "curl"]));
      assert.equal(result.stderr, "install: sha256sum, shasum or openssl is needed\n");
      assert.equal(result.status, 1);
      assert.deepEqual(readdirSync(place.target), []);
    }),
);

test(
  "install.sh tells the error when a folder is where the program would be",
  { skip: needs("curl") },
  () =>
    inPlace(async (place) => {
      const folder = join(place.target, "gs-telemetry");
      mkdirSync(folder, { recursive: true });
      const result = await install(place, ["/bin/sh"], pathOf(place.folder, [...standardTools, "curl"]));
      assert.equal(result.stderr, `install: ${folder} is a folder; choose another one with --dir\n`);
      assert.equal(result.status, 1);
      assert.deepEqual(readdirSync(folder), []);
    }),
);

test("install.sh names a folder by its whole path", { skip: needs("curl") }, () =>
  inPlace(async (place) => {
    const relative = ["--dir", `${place.target}/../target`];
    const result = await install(
      place,
      ["/bin/sh"],
      pathOf(place.folder, [...standardTools, "curl"]),
      relative,
    );
    assert.match(result.stdout, new RegExp(`^installed ${bunName} as ${place.target}/gs-telemetry\n`));
  }));

test("install.sh needs --dir where HOME is not set", { skip }, () =>
  inPlace(async (place) => {
    const result = await install(place, ["/usr/bin/env", "-u", "HOME", "/bin/sh"], "/nowhere", ["--dir", ""]);
    assert.equal(result.stderr, "install: --dir is needed where HOME is not set\n");
    assert.equal(result.status, 1);
  }));
