/**
 * What `tests/fixtures/windows/show.c` tells about how it was started.
 *
 * @module
 */

/** What `show.c` tells. */
export interface Shown {
  readonly commandLine: string;
  readonly words: readonly string[];
  readonly environment: readonly string[];
  readonly directory: string;
  readonly codePages: readonly number[];
  readonly inputMode?: number;
  readonly outputMode?: number;
  readonly console: number;
  readonly written?: number;
  readonly interrupts?: number;
  readonly breaks?: number;
}

/** Takes out what a console adds: control sequences, the ends of its lines, and the keys that were typed. */
export function withoutConsole(text: string): string {
  // deno-lint-ignore no-control-regex -- that is what it is
  return text.replace(/\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|[\r\n]|\^C/g, "");
}

/** Reads what `show.exe` tells. */
export function readShown(stdout: string, stderr = ""): Shown {
  const json = /\{"commandLine".*\}/.exec(withoutConsole(stdout))?.[0];
  if (json === undefined) throw new Error(`show.exe told nothing: ${stdout}${stderr}`);
  return JSON.parse(json);
}
