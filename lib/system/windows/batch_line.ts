/**
 * Command lines for batch files, which cmd.exe runs. It reads its command line as it reads a line of a script, so
 * that an argument could hold a command of its own ("BatBadBut", CVE-2024-24576).
 *
 * @module
 */

// Extensions are on for the emptied variable below; `!` expands nothing; no AutoRun commands of the user's.
const cmdOptions = "/d /e:on /v:off /s /c";
// A part of no length of a variable that is always there. It takes from `%` what it means: in `%PATH%` the name
// that begins behind it is never looked up.
const guardedPercent = "%%cd:~,%";

/** What no way of quoting gets through cmd.exe: it ends a line. */
const unwritable = /[\r\n\0]/;

/** Tells why a batch file cannot be given these arguments; `undefined` if it can. */
export function batchFault(args: readonly string[]): string | undefined {
  const index = args.findIndex((argument) => unwritable.test(argument));
  if (index < 0) return undefined;
  return `it is a batch file, and its argument ${
    index + 1
  } has a line break, which cmd.exe would take for the ` +
    "end of the command; give it in another way, such as a file";
}

/**
 * Writes the command line by which cmd.exe runs a batch file.
 *
 * @param cmd The path of cmd.exe.
 */
export function batchLine(cmd: string, file: string, args: readonly string[]): string {
  // A bare name could be one of cmd.exe's own commands.
  const path = /[\\/:]/.test(file) ? file : `.\\${file}`;
  const words = [`"${guard(path)}"`, ...args.map(quoteForBatch)];
  return `"${cmd}" ${cmdOptions} "${words.join(" ")}"`;
}

/** Puts in quotes what means something to cmd.exe outside of them. A quote within quotes is doubled. */
function quoteForBatch(argument: string): string {
  if (/^[\w#$*+\-./:?@\\\u{A0}-\u{10FFFF}]*[\w#$*+\-./:?@\u{A0}-\u{10FFFF}]$/u.test(argument)) {
    return argument;
  }
  // The backslashes are for the program that the batch file hands its arguments to.
  const quoted = argument.replace(/(\\*)"/g, '$1$1""').replace(/(\\+)$/, "$1$1");
  return `"${guard(quoted)}"`;
}

function guard(text: string): string {
  return text.replaceAll("%", guardedPercent);
}
