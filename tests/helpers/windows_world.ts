/**
 * A user of Windows with folders of their own, whose names have spaces and letters beyond ASCII, and the program as
 * it is installed for them.
 *
 * @module
 */

import { execFileSync, spawn } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { appID, nowhere, type Sink, until, World } from "./harness.ts";
import {
  commandLine,
  directoryOf,
  findTasks,
  isLocked,
  isProgram,
  listProcesses,
  openFiles,
  readOnlyCommand,
} from "./windows_processes.ts";
import { readShown, type Shown } from "./windows_show.ts";
import { noWindows, prepareWindows, windowsPath, windowsWords, wineVariables } from "./wine.ts";

// ERROR_INTERNAL_ERROR of Windows.
const internalError = 1359;
const startAttempts = 5;

const root = fileURLToPath(new URL("../..", import.meta.url));
const isWindows = process.platform === "win32";

let prepared: { readonly show: string; readonly start: string; readonly program: string } | undefined;

/** What tests need, made on first use: Wine, the tools, and the program, compiled unless it is given. */
function prepare() {
  return prepared ??= { ...prepareWindows(), program: process.env.TEST_WINDOWS_PROGRAM ?? compileProgram() };
}

function compileProgram(): string {
  const deno = "Deno" in globalThis ? process.execPath : "deno";
  const words = ["run", "--quiet", "--allow-all", "scripts/compile.ts", "--target", "bun-windows-x64"];
  execFileSync(deno, words, { cwd: root, stdio: "ignore" });
  return join(root, "dist/gs-telemetry-bun-windows-x64.exe");
}

/** How a process of Windows ended. */
export interface WindowsResult {
  /** All 32 bits. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to start one. */
export interface WindowsStart {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** On this machine. */
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  /** The program, on this machine, if it is not the first word of the command line. */
  readonly file?: string;
  /** Letters that `start.c` explains. */
  readonly options?: string;
  /** Whether it has a console; what the console shows is then the standard output. */
  readonly inConsole?: boolean;
  /** What is typed at the console when the command is ready for events. */
  readonly typed?: string;
}

/** A program that goes on. */
export interface Background {
  /** Waits for what it prints. */
  shows(pattern: RegExp): Promise<RegExpExecArray>;
  stop(): Promise<void>;
}

/** A user of Windows. */
export class WindowsWorld {
  /** The same folder for what runs on this machine, above all the sink. */
  readonly native: World = new World();
  readonly home: string = this.native.home;
  readonly local: string = join(this.home, "Users/Jörg Müller 名/AppData/Local");
  readonly roaming: string = join(this.home, "Users/Jörg Müller 名/AppData/Roaming");
  readonly state: string = join(this.local, "gs-telemetry");
  readonly bin: string = join(this.home, "Program Files/Tools & more");
  readonly work: string = join(this.home, "work");
  /** As people would type it. */
  readonly program: string;
  #endpoint: string | undefined;
  #starts = 0;

  constructor() {
    const { show, program } = prepare();
    const installed = join(this.home, "Program Files/gs-telemetry é");
    for (const folder of [this.local, this.roaming, this.bin, this.work, installed]) {
      mkdirSync(folder, { recursive: true });
    }
    this.program = windowsPath(join(installed, "gs-telemetry.exe"));
    place(program, join(installed, "gs-telemetry.exe"));
    copyFileSync(show, join(this.bin, "show.exe"));
  }

  /** Puts a stand-in for a tool on PATH: `show.exe` under its name. */
  install(name: string): void {
    copyFileSync(prepare().show, join(this.bin, name));
  }

  /** Puts the program in front of a tool, under its name. */
  placeProgram(file: string): void {
    place(prepare().program, file);
  }

  /** Writes a file into the working directory or into another folder. */
  write(name: string, text: string, folder: string = this.work): void {
    writeFileSync(join(folder, name), text.replaceAll("\n", "\r\n"));
  }

  /** Makes a folder in the working directory. */
  makeFolder(name: string): string {
    const folder = join(this.work, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Starts the sink on first use; signals go there from then on. */
  async sink(): Promise<Sink> {
    const sink = await this.native.sink();
    this.#endpoint = sink.endpoint;
    return sink;
  }

  /** The environment of a new user. */
  environment(more: WindowsStart["env"] = {}): string[] {
    const variables: Record<string, string | undefined> = {
      "=Z:": windowsPath(this.work),
      SystemRoot: isWindows ? process.env.SystemRoot : "C:\\windows",
      SystemDrive: "C:",
      ComSpec: isWindows ? process.env.ComSpec : "C:\\windows\\system32\\cmd.exe",
      PATHEXT: ".COM;.EXE;.BAT;.CMD",
      PATH: [windowsPath(this.bin), isWindows ? process.env.PATH : "C:\\windows\\system32;C:\\windows"].join(
        ";",
      ),
      TEMP: windowsPath(this.work),
      TMP: windowsPath(this.work),
      USERNAME: "Jörg",
      USERPROFILE: windowsPath(join(this.home, "Users/Jörg Müller 名")),
      LOCALAPPDATA: windowsPath(this.local),
      APPDATA: windowsPath(this.roaming),
      GS_TELEMETRY_APP_ID: appID,
      GS_TELEMETRY_ENDPOINT: this.#endpoint ?? nowhere,
      // Under Wine a refused connection is not noticed before the time is up.
      GS_TELEMETRY_LIMITS: '{"patience":0,"timeout":2000,"firstPause":0}',
      GS_TELEMETRY_NO_NOTICE: "1",
      ...more,
    };
    return Object.entries(variables).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${value}`]
    );
  }

  /** Runs a command line to its end. Wine on a busy machine sometimes cannot start a process: it is tried again. */
  async start(line: string, how: WindowsStart = {}): Promise<WindowsResult> {
    for (let attempt = 1;; attempt++) {
      try {
        return await this.#startOnce(line, how);
      } catch (error) {
        const isOfWine = (error as Error).message.includes(`error ${internalError}`);
        if (!isOfWine || attempt === startAttempts) throw error;
      }
    }
  }

  async #startOnce(line: string, how: WindowsStart): Promise<WindowsResult> {
    const { env, cwd = this.work, input = "", options = "", inConsole = false, typed = "", file } = how;
    rmSync(this.ready, { force: true });
    const base = join(this.home, `start-${this.#starts++}`);
    const fields = [
      options,
      windowsPath(cwd),
      file ? windowsPath(file) : "",
      line,
      ...this.environment(env),
      "",
      "",
    ];
    writeFileSync(base, fields.join("\0"), "utf16le");
    const starter = [...windowsWords, prepare().start, windowsPath(base), windowsPath(`${base}.status`)];
    const words = inConsole
      ? ["script", "-qefc", starter.map((word) => `'${word}'`).join(" "), "/dev/null"]
      : starter;
    const own = { START_READY: windowsPath(this.ready), START_FILE: windowsPath(`${this.home}/handed`) };
    // By files, not by pipes: those of Wine's own processes would be open for longer than the command runs.
    const files = [`${base}.in`, `${base}.out`, `${base}.err`];
    writeFileSync(files[0], input);
    const [stdin, stdout, stderr] = files.map((file, index) => openSync(file, index === 0 ? "r" : "w"));
    const child = spawn(words[0], words.slice(1), {
      cwd: this.home,
      env: { ...kept(), ...wineVariables, ...own, SHELL: "/bin/bash", TERM: "xterm" },
      stdio: [inConsole ? "pipe" : stdin, stdout, stderr],
    });
    const ended = new Promise((resolve, reject) => child.on("error", reject).on("exit", resolve));
    if (typed !== "") {
      await until(() => existsSync(this.ready), "the command to be ready");
      child.stdin?.write(typed);
    }
    await ended;
    child.stdin?.destroy();
    for (const descriptor of [stdin, stdout, stderr]) closeSync(descriptor);
    const [, shown, told] = files.map((file) => readFileSync(file, "utf8"));
    if (!existsSync(`${base}.status`)) throw new Error(`start.exe failed: ${shown}${told}`);
    return {
      status: Number(readFileSync(`${base}.status`, "utf8")),
      stdout: shown,
      stderr: withoutWine(told),
    };
  }

  /** Starts a command line that goes on until it is stopped. */
  startInBackground(line: string): Background {
    const output = join(this.home, `start-${this.#starts}.out`);
    const end = this.start(line);
    return {
      async shows(pattern) {
        const find = () => existsSync(output) ? pattern.exec(readFileSync(output, "utf8")) : null;
        await until(() => find() !== null, `${pattern}`);
        return find()!;
      },
      stop: async () => {
        this.kill("gs-telemetry.exe");
        await end;
      },
    };
  }

  /** Runs a command line and gives its standard output as it is. */
  async startForBytes(line: string, how?: WindowsStart): Promise<{ readonly bytes: Uint8Array }> {
    const number = this.#starts;
    await this.start(line, how);
    return { bytes: readFileSync(join(this.home, `start-${number}.out`)) };
  }

  /** Waits until a program of this user's has ended. */
  ended(name: string): Promise<void> {
    return until(() => this.#find(name).length === 0, `${name} to end`);
  }

  /** Waits until a program of this user's runs. */
  running(name: string): Promise<void> {
    return until(() => this.#find(name).length > 0, `${name} to run`);
  }

  kill(name: string): void {
    for (const id of this.#find(name)) process.kill(id, "SIGKILL");
  }

  /** The process numbers of a program in this user's folders. */
  #find(name: string): number[] {
    if (isWindows) return findTasks(name);
    return listProcesses().filter((id) => isProgram(id, name) && directoryOf(id).startsWith(this.home));
  }

  /** The file that a command makes when it is ready for events. */
  get ready(): string {
    return join(this.home, "ready");
  }

  /** Runs the program with the rest of a command line as it is. */
  gs(rest: string, how?: WindowsStart): Promise<WindowsResult> {
    return this.start(`"${this.program}" ${rest}`, how);
  }

  /** What `show.exe` tells when it is started so. */
  async shown(line: string, how?: WindowsStart): Promise<Shown> {
    const { stdout, stderr } = await this.start(line, how);
    return readShown(stdout, stderr);
  }

  /** The names of the signals that wait. */
  queued(): string[] {
    const queue = join(this.state, "queue");
    return existsSync(queue) ? readdirSync(queue) : [];
  }

  /** The process numbers of this user's couriers. Under Windows that there is one is all that is known. */
  couriers(): number[] {
    if (isWindows) return isLocked(join(this.state, "courier.lock")) ? [0] : [];
    return listProcesses().filter((id) => {
      const words = commandLine(id);
      return words.includes(windowsPath(this.home)) && words.endsWith(" courier");
    });
  }

  /** How many of this user's processes have the courier's lock open. */
  lockHolders(): number {
    if (isWindows) return this.couriers().length;
    const lock = join(this.state, "courier.lock");
    return this.couriers().filter((id) => openFiles(id).includes(lock)).length;
  }

  /** Keeps a folder from being written, even by root. */
  makeReadOnly(folder: string): void {
    execFileSync(...readOnlyCommand(folder, true));
  }

  makeWritable(folder: string): void {
    execFileSync(...readOnlyCommand(folder, false));
  }

  async couriersEnded(): Promise<void> {
    await until(() => this.couriers().length === 0, "the courier to end");
  }

  async close(): Promise<void> {
    try {
      await this.couriersEnded();
    } finally {
      if (this.#endpoint !== undefined) await (await this.sink()).stop();
      rmSync(this.home, { recursive: true, force: true });
    }
  }
}

/** Takes out what Wine says itself when a process ends while one of its threads is at work. */
function withoutWine(text: string): string {
  return text.replace(/^wine client error:.*\n/gm, "");
}

/** Runs a test with a user of Windows. */
export async function inWindows(test: (world: WindowsWorld) => Promise<void>): Promise<void> {
  const world = new WindowsWorld();
  try {
    await test(world);
  } finally {
    await world.close();
  }
}

/** Why there is no console here that tests can type at; false if there is. */
export const noConsole: string | false = noWindows || whyNoConsole();

function whyNoConsole(): string | false {
  if (isWindows) return "only Wine's consoles are terminals of Linux, at which tests can type";
  return existsSync("/usr/bin/script") ? false : "script (bsdutils) is not installed";
}

/** The options of each test here. */
export const windows = { skip: noWindows };

function place(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // On another file system.
    copyFileSync(from, to);
  }
}

function kept(): Record<string, string> {
  const names = isWindows ? ["SystemRoot", "PATH", "TEMP", "TMP"] : ["PATH", "HOME"];
  // In another locale Wine finds no file whose name is not of ASCII.
  return { ...Object.fromEntries(names.map((name) => [name, process.env[name] ?? ""])), LANG: "C.UTF-8" };
}
