/**
 * Compiles the program to standalone binaries in `dist/`.
 *
 *     deno task compile                  for this machine, with both toolchains
 *     deno task compile bun              with one of them
 *     deno task compile --all            for every platform, with checksums and a manifest
 *     deno task compile --target bun-windows-x64
 *                                        for one other platform, by its compiler's name for it
 *     deno task compile --name acme-telemetry --profile acme.json
 *                                        a team's own, with that name and that profile built in; more profiles,
 *                                        --endpoint, --namespace, --salt-variable and --salt-file go with it
 *
 * @module
 */

import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { unsign } from "macho-unsign";
import manifest from "../deno.json" with { type: "json" };
import { UsageError } from "../lib/usage_error.ts";
import { readBinaryHeader } from "./binary_header.ts";
import { brandingOptions, readBranding } from "./branding.ts";
import { writeEntry } from "./entry.ts";
import { type Binary, writeRelease } from "./release.ts";
import { binaryFormat, binaryName, crossName, findTarget, type Target, targets } from "./targets.ts";
import { bun, captureTool, projectName, root, type ToolResult } from "./toolchains.ts";

const usageErrorStatus = 125;

const releaseFolder = join(root, "dist/release");

// What the program needs and no more: native code to become the command, the rest for where that cannot be.
const permissions = ["env", "ffi", "net", "read", "run", "sys", "write"];

const denoArguments = [
  "compile",
  "--quiet",
  "--no-config",
  "--no-lock",
  // Would be written to the folder for temporary files, where another user could have put one.
  "--no-code-cache",
  "--no-prompt",
  // A run ends long before code would be worth optimizing, or a thread its start: 7 % of the time.
  "--v8-flags=--lite-mode,--single-threaded",
  ...permissions.map((name) => `--allow-${name}`),
];

// A working directory's `.env` and `bunfig.toml` are the command's business, not the wrapper's.
const bunArguments = [
  "build",
  "--compile",
  "--minify",
  "--bytecode",
  // A run loads none of the chunks that only other commands need.
  "--splitting",
  "--format=esm",
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
];

/** Where the binary for this machine lies, of one toolchain. */
export function hostBinary(toolchain: string, name = projectName): string {
  return join(root, "dist", `${name}-${toolchain}${Deno.build.os === "windows" ? ".exe" : ""}`);
}

const hostArchitecture = Deno.build.arch === "x86_64" ? "x64" : "arm64";

/** The target that this machine is. */
function isHost(target: Target): boolean {
  return target.os === Deno.build.os && target.architecture === hostArchitecture && target.libc !== "musl" &&
    target.variant === undefined;
}

function planBuilds(toolchains: readonly string[], all: boolean, name: string): Binary[] {
  const wanted = targets.filter(({ toolchain }) => toolchains.length === 0 || toolchains.includes(toolchain));
  if (all) {
    return wanted.map((target) => ({
      target,
      file: join(releaseFolder, binaryName(name, manifest.version, target)),
    }));
  }
  return wanted.filter(isHost).map((target) => ({ target, file: hostBinary(target.toolchain, name) }));
}

function planTarget(triple: string, name: string): Binary[] {
  const target = findTarget(triple);
  return [{ target, file: join(root, "dist", crossName(name, target)) }];
}

/**
 * Makes a binary for this machine of another program.
 *
 * @param entry The program's file, whose name is `cli.ts`.
 * @throws {Error} Where it cannot be made.
 */
export async function compileForHost(toolchain: "bun" | "deno", entry: string, file: string): Promise<void> {
  const target = targets.find((each) => each.toolchain === toolchain && isHost(each));
  const failure = target ? await build({ target, file }, entry) : "there is no such target";
  if (failure !== undefined) throw new Error(failure);
}

/** Makes a binary and checks that it is what was wanted; gives what went wrong, in one line. */
export async function build({ target, file }: Binary, entry: string): Promise<string | undefined> {
  const { success, output } = await (target.toolchain === "bun" ? buildWithBun : buildWithDeno)(
    target,
    file,
    entry,
  );
  return success ? await checkHeader(target, file) : describeFailure(target, output);
}

async function buildWithBun(target: Target, file: string, entry: string): Promise<ToolResult> {
  const command = [
    ...[bun, ...bunArguments, `--target=${target.triple}`],
    ...knownOf(target),
    ...["--outfile", file, entry],
  ];
  const result = await captureTool(command);
  if (result.success && target.os === "darwin" && target.architecture === "x64") await removeSignature(file);
  return result;
}

/** Tells the bundler what `lib/runtime` and `lib/system` choose by, so that it leaves out what is never chosen. */
function knownOf({ toolchain, os }: Target): string[] {
  const known = {
    "process.platform": os === "windows" ? '"win32"' : `"${os}"`,
    "process.versions.bun": toolchain === "bun" ? '"known"' : "undefined",
    "process.versions.deno": toolchain === "deno" ? '"known"' : "undefined",
  };
  return Object.entries(known).flatMap(([name, value]) => ["--define", `${name}=${value}`]);
}

/**
 * Bun signs the binary for arm64 anew, but leaves its own signature on the one for x64, whose bytes are others
 * now, so macOS may kill the program. Only arm64 needs a signature.
 */
async function removeSignature(file: string): Promise<void> {
  const unsigned = unsign(await Deno.readFile(file));
  if (unsigned) await Deno.writeFile(file, new Uint8Array(unsigned));
}

/**
 * Bundles first: a bundle starts much faster than modules do, the more so in chunks, of which a run loads
 * only its own. Bun's bundler puts what a run needs into two modules, Deno's into twenty-two, which take
 * 1.5 ms longer to load; and files of fixed names and times give the same binary each time, which
 * `deno compile --bundle` does not.
 */
async function buildWithDeno(target: Target, file: string, entry: string): Promise<ToolResult> {
  const folder = join(root, "dist/bundle");
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  const bundled = await captureTool([
    ...[bun, "build", "--minify", "--splitting", "--format=esm", "--target=node"],
    ...knownOf(target),
    ...["--outdir", folder, entry],
  ]);
  if (!bundled.success) return bundled;
  for (const { name } of Deno.readDirSync(folder)) await Deno.utime(join(folder, name), 0, 0);
  // A base binary that was given is one for this machine.
  const denort = isHost(target) ? Deno.env.get("DENORT_BIN") : undefined;
  const output = ["--target", target.triple, "--output", file];
  const command = [Deno.execPath(), ...denoArguments, ...output, join(folder, "cli.js")];
  return await captureTool(command, { NO_COLOR: "1", DENORT_BIN: denort });
}

function describeFailure(target: Target, output: string): string {
  if (/invalid value .* for '--target/.test(output)) return "this version of Deno has no such target";
  const isDownload = target.toolchain === "deno" &&
    /dl\.deno\.land|error sending request/i.test(output);
  if (!isDownload) return output.trim();
  const way = isHost(target) ? "; give it as a file in DENORT_BIN" : "";
  return `Deno's base binary could not be downloaded${way}`;
}

async function checkHeader(target: Target, file: string): Promise<string | undefined> {
  const { format, architecture, libc } = readBinaryHeader(await Deno.readFile(file));
  const isRight = format === binaryFormat(target) && architecture === target.architecture &&
    libc === target.libc;
  return isRight ? undefined : `the file is for ${format} ${architecture} ${libc ?? ""}`;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: {
      all: { type: "boolean" },
      ...brandingOptions,
      target: { type: "string" },
    },
  });
  const unknown = positionals.find((word) => word !== "bun" && word !== "deno");
  if (unknown) throw new UsageError(`unknown toolchain '${unknown}'; there are bun and deno`);
  const branding = readBranding(values);
  const name = branding?.name ?? projectName;
  const entry = branding ? await writeEntry(branding) : join(root, "cli.ts");
  const builds = values.target === undefined
    ? planBuilds(positionals, values.all ?? false, name)
    : planTarget(values.target, name);
  if (values.all) await emptyReleaseFolder();
  const made: Binary[] = [];
  for (const [index, plan] of builds.entries()) {
    const failure = await build(plan, entry);
    const place = `[${index + 1}/${builds.length}] ${relative(root, plan.file)}`;
    if (failure) {
      console.log(`${place}: not made: ${failure}`);
      continue;
    }
    const trial = await tryOut(plan);
    console.log(`${place} (${await megabytes(plan.file)} MB): ${trial}`);
    if (trial !== "does not work") made.push(plan);
  }
  if (values.all) await writeRelease(releaseFolder, name, manifest.version, made);
  return made.length === builds.length ? 0 : 1;
}

/** So that nothing of another release is in this one. */
async function emptyReleaseFolder(): Promise<void> {
  await Deno.remove(releaseFolder, { recursive: true }).catch(() => {});
  await Deno.mkdir(releaseFolder, { recursive: true });
}

/** Does the main job with a binary, if it runs here: by itself, or where an emulator is installed. */
async function tryOut({ target, file }: Binary): Promise<"works" | "does not work" | "not run here"> {
  const program = target.architecture === hostArchitecture ? [file] : [...emulator(target), file];
  const starts = await captureTool([...program, "--version"]).catch(() => undefined);
  if (!starts?.success) return isHost(target) ? "does not work" : "not run here";
  const check = [Deno.execPath(), "run", "--quiet", "--allow-all", "scripts/check_binary.ts"];
  const { success, output } = await captureTool(check, { TEST_PROGRAM: JSON.stringify(program) });
  if (!success) console.error(output.trim().split("\n")[0]);
  return success ? "works" : "does not work";
}

/** QEMU's user mode; `QEMU_LD_PREFIX` is the folder with the other architecture's C library. */
function emulator({ architecture }: Target): string[] {
  const name = architecture === "arm64" ? "qemu-aarch64-static" : "qemu-x86_64-static";
  return [name, "-L", Deno.env.get("QEMU_LD_PREFIX") ?? "/"];
}

async function megabytes(file: string): Promise<string> {
  return ((await Deno.stat(file)).size / 1_000_000).toFixed(1);
}

if (import.meta.main) {
  try {
    Deno.exitCode = await main();
  } catch (error) {
    console.error(`compile: ${(error as Error).message}`);
    Deno.exitCode = usageErrorStatus;
  }
}
